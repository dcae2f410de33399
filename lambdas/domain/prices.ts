/** Public prices of AWS in USD, us-east-1, 2026, without any free tier; Lambda's on arm64. */
export const prices = {
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  stateTransition: 25e-6,
  dynamoWrite: 0.625e-6,
  dynamoRead: 0.125e-6,
  sqsRequest: 0.4e-6,
} as const;
