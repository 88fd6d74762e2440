import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Short files that take minutes, for they call what is long: left to their size they would come last, each beside nothing. */
const slow = ['nothing-lost', 'services-crashes', 'many-playgrounds', 'host-restart', 'hanging-boot'];

/** The usual order, but for those. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      slow.some((name) => moduleId.includes(`/${name}.e2e.`));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
