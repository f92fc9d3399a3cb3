/** The only place that imports the OpenAI SDK. Load it on first use: `await import('../../vendor/openai')`. */
export { APIConnectionError, APIError, APIUserAbortError, OpenAI } from 'openai';
