import type { Answer, Question } from '@playhouse/contract/link/question';
import type { Credentials } from './credentials.ts';

type CredentialQuestion = Extract<Question, { kind: `credential.${string}` }>;

export function isCredentialQuestion(question: Question): question is CredentialQuestion {
  return question.kind.startsWith('credential.');
}

/**
 * Answers with all that the owner has then.
 * @throws PlayhouseError credential-invalid, credential-limit, credential-unknown, registry-unauthorized, registry-unreachable
 */
export async function answerCredentials(
  credentials: Credentials,
  question: CredentialQuestion,
): Promise<Answer> {
  const { kind, owner } = question;
  if (kind === 'credential.add') await credentials.add(owner, question.credential);
  if (kind === 'credential.remove') await credentials.remove(owner, question.name);
  return { kind, credentials: await credentials.list(owner) };
}
