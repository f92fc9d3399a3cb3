/** The only place that imports luxon. */
export { DateTime, Duration, Interval } from 'luxon';
