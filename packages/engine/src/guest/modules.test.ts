import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadOrder, moduleName, parseModulesDep } from './modules.ts';

const TEXT = `kernel/drivers/virtio/virtio_ring.ko:
kernel/drivers/virtio/virtio.ko: kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/virtio/virtio_mmio.ko.xz: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/char/hw_random/virtio-rng.ko: kernel/drivers/virtio/virtio.ko
`;

test('what a module needs is loaded before it, once', () => {
  const order = loadOrder(parseModulesDep(TEXT), ['virtio_mmio', 'virtio_rng']);
  expect(order.map(moduleName)).toEqual(['virtio_ring', 'virtio', 'virtio_mmio', 'virtio_rng']);
});

test('a module that is built into the kernel is left out', () => {
  expect(loadOrder(parseModulesDep(TEXT), ['ext4'])).toEqual([]);
});

test('any acyclic set of needs gives an order in which needs come first', () => {
  const graph = fc.array(fc.array(fc.nat(20), { maxLength: 5 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(graph, (edges) => {
      const needs = edges.map((targets, i) => [...new Set(targets.filter((target) => target < i))]);
      const text = needs
        .map((list, i) => `k/m${i}.ko: ${list.map((j) => `k/m${j}.ko`).join(' ')}`)
        .join('\n');
      const order = loadOrder(parseModulesDep(text), needs.map((_, i) => `m${i}`).toReversed());
      needs.forEach((list, i) => {
        for (const need of list)
          expect(order.indexOf(`k/m${need}.ko`)).toBeLessThan(order.indexOf(`k/m${i}.ko`));
      });
    }),
  );
});
