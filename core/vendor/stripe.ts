/**
 * The only place that imports Stripe's SDK, with the types of the API version that it speaks (2026-10-28).
 * Load it on first use: `await import('../vendor/stripe')`; its types come as `import type { Stripe }`.
 */
// its CommonJS build, which a process without the bundle loads, has nothing but the default
import Stripe from 'stripe';

export { Stripe };
