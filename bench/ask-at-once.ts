import type { Answer } from '../local/client.ts';

/** Something to ask, and how often, compared with the others. */
export type Question = { readonly name: string; readonly weight: number; ask(): Promise<Answer> };

export type Asked = {
  readonly question: string;
  readonly ms: number;
  /** 0: there was no answer at all. */
  readonly status: number;
  /** What was said of it, where it failed for no fault of the client. */
  readonly failure?: string;
};

type Crowd = { readonly clients: number; readonly seconds: number };

/** Lets many clients ask at once, each one question after the other, without a pause. */
export async function askAtOnce(questions: readonly Question[], { clients, seconds }: Crowd): Promise<Asked[]> {
  const order = questions.flatMap((question) => Array<Question>(question.weight).fill(question));
  const until = performance.now() + seconds * 1000;
  const asked: Asked[] = [];
  let turn = 0;
  const client = async () => {
    while (performance.now() < until) {
      const question = order[turn % order.length] as Question;
      turn += 1;
      asked.push(await answered(question));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return asked;
}

async function answered({ name, ask }: Question): Promise<Asked> {
  const began = performance.now();
  const { status, body } = await ask().catch((error: Error) => ({ status: 0, body: { error: error.message } }));
  const ms = performance.now() - began;
  const isFailure = status === 0 || status >= 500;
  return { question: name, ms, status, ...(isFailure && { failure: `${status} ${JSON.stringify(body)}` }) };
}
