import * as z from 'zod';

/** `{"secret": "name"}`: stands for a value that the deployment keeps, in Secrets Manager under `headgate/<stage>/<name>`. */
export const SecretReference = z.strictObject(
  { secret: z.string().regex(/^[\w/+=.@-]{1,256}$/, 'must be 1 to 256 letters, digits and /_+=.@-') },
  {
    error: ({ code, input }) =>
      code === 'invalid_type' && input !== undefined ? 'must be {"secret": "name"}' : undefined,
  },
);
