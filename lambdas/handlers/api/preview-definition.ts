import { randomUUID } from 'node:crypto';
import { PreviewDefinitionRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { readEnv } from '../../platform/env.ts';
import { openReading } from '../../platform/open-work.ts';
import { readingPorts } from '../../platform/reading-ports.ts';
import { answerPreview, previewErrors } from '../../platform/views/preview-view.ts';

const ports = readingPorts(readEnv('previewDefinition'));

/** What a definition would send. Point ids depend on the wrapper's own id, which it gets when it is created. */
export const handler = apiHandler(
  'previewDefinition',
  PreviewDefinitionRequest,
  async ({ query, body }) => answerPreview(openReading(randomUUID(), body, ports), query.limit),
  { invalid: 'Invalid wrapper', errors: previewErrors },
);
