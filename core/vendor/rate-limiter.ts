/** The only import of rate-limiter-flexible. Load it on first use: `await import('../vendor/rate-limiter')`. */
export { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
