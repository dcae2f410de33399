import { PreviewWrapperRequest } from '../../contracts/requests.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { readEnv } from '../../platform/env.ts';
import { openReading } from '../../platform/open-work.ts';
import { readingPorts } from '../../platform/reading-ports.ts';
import { answerPreview, previewErrors } from '../../platform/views/preview-view.ts';
import { loadState, wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('previewWrapper');
const store = wrapperStore(env.WRAPPERS_TABLE);
const ports = readingPorts(env);

/** What a wrapper would send if it started over. */
export const handler = apiHandler(
  'previewWrapper',
  PreviewWrapperRequest,
  async ({ path, query }) => {
    const { wrapperId, definitionId } = await loadState(store, path.wrapper_id);
    const definition = await store.definitions.load(wrapperId, definitionId);
    return answerPreview(openReading(wrapperId, definition, ports), query.limit);
  },
  { errors: previewErrors },
);
