import * as z from 'zod';

/** Members that a row can do without: what is of another type is as if it were not there, and costs no other member. */
export const lenient = {
  text: z.string().nullable().catch(null),
  number: z.number().nullable().catch(null),
  texts: z.array(z.string()).catch([]),
  list: z.array(z.json()).catch([]),
};
