import { Logger } from '@aws-lambda-powertools/logger';

/** Names its function through POWERTOOLS_SERVICE_NAME. Ids and words only: never a definition, a row or a header. */
export const logger = new Logger();
