/** Reading a search's parameters, in the checks that all libraries have. */
import { RefusedRequest } from '../service';

/** @throws RefusedRequest 400 */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number, max: number, min = 1): number {
	const text = query.get(name);
	if (text === null) return fallback;
	const number = Number(text);
	if (Number.isInteger(number) && number >= min && number <= max) return number;
	throw new RefusedRequest(400, 'Bad Request', `"${name}" must be a whole number from ${min} to ${max}`);
}

/** @throws RefusedRequest 400 */
export function oneOf(query: URLSearchParams, name: string, choices: readonly string[]): string | undefined {
	const text = query.get(name);
	if (text === null || choices.includes(text)) return text ?? undefined;
	throw new RefusedRequest(400, 'Bad Request', `"${name}" must be one of ${choices.join(', ')}`);
}
