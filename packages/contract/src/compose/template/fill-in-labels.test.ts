import { expect, test } from 'vitest';
import { fillInLabels } from './fill-in-labels.ts';

const environment = { PORT: '8080', EMPTY: '', ODD: 'a$b' };
const filled = (label: string) => {
  const file = { services: { web: { labels: { 'playgrounds.port': label, other: label } }, db: {} } };
  return (fillInLabels(file, environment) as typeof file).services.web.labels['playgrounds.port'];
};

test.each([
  ['$PORT', '8080'],
  ['${PORT}', '8080'],
  ['a-${PORT}-b', 'a-8080-b'],
  ['${NONE:-80}', '80'],
  ['${NONE-80}', '80'],
  ['${EMPTY:-80}', '80'],
  ['${EMPTY-80}', ''],
  ['${NONE:-${PORT}}', '8080'],
  ['${NONE:-${OTHER:-80}}', '80'],
  ['${PORT:+80}', '80'],
  ['${NONE:+80}', ''],
])('%s is filled in', (label, value) => expect(filled(label)).toBe(value));

test.each(['$NONE', '${NONE}', '${NONE:?say it}', '${ODD}', 'a$$b', '${NONE:-${OTHER}}', '${', '80'])(
  '%s is left as it is',
  (label) => expect(filled(label)).toBe(label),
);

test('only labels of the platform are filled in, in either form', () => {
  const file = {
    services: { web: { image: '${PORT}', labels: ['playgrounds.port=${PORT}', 'other=${PORT}'] } },
    volumes: {},
  };
  expect(fillInLabels(file, environment)).toEqual({
    services: { web: { image: '${PORT}', labels: ['playgrounds.port=8080', 'other=${PORT}'] } },
    volumes: {},
  });
  expect(fillInLabels('no file', environment)).toBe('no file');
});
