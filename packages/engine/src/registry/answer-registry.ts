import type { Answer, Question } from '@playhouse/contract/link/question';
import type { Registries } from './registries.ts';

export type RegistryQuestion = Extract<Question, { kind: `registry.${string}` }>;

/**
 * Answers what the server asks about registries, with all of them as they are then.
 * @throws PlayhouseError registry-unauthorized, registry-unreachable, registry-unknown
 */
export async function answerRegistry(registries: Registries, question: RegistryQuestion): Promise<Answer> {
  if (question.kind === 'registry.login') await registries.login(question.credential);
  if (question.kind === 'registry.logout') await registries.logout(question.registry);
  return { kind: question.kind, registries: await registries.list() };
}

/** True for questions that are not about a machine. */
export function isRegistryQuestion(question: Question): question is RegistryQuestion {
  return question.kind.startsWith('registry.');
}
