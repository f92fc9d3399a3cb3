/** The only place that imports axios. Load it on first use: `await import('../vendor/axios')`. */
export { default as axios } from 'axios';
export type { AxiosError, AxiosResponse } from 'axios';
