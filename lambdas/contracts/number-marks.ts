import type * as z from 'zod';

/** Refuses options by which numbers can't be read. */
export function differingMarks(
  { decimal, thousands }: { readonly decimal?: string | undefined; readonly thousands?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (thousands === undefined || thousands !== decimal) return;
  context.addIssue({ code: 'custom', path: ['thousands'], message: 'must differ from decimal' });
}
