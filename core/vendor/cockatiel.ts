/** The only import of cockatiel: circuit breakers. */
export { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
export type { CircuitBreakerPolicy } from 'cockatiel';
