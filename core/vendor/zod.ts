/** The only place that imports zod; version 4 of it, which writes JSON Schema by itself. */
export { z } from 'zod/v4';
