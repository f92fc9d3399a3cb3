/**
 * Amounts of money as Stripe counts them: whole numbers of the currency's smallest unit.
 * From docs.stripe.com/currencies (2026-10): zero-decimal, three-decimal and special currencies.
 */
import { invalidRequest } from '../errors';

const ZERO_DECIMAL = new Set([
	'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf',
]);

const THREE_DECIMAL = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** Stripe counts them with two decimals, which must be zeros. */
const WHOLE_ONLY = new Set(['isk', 'ugx']);

/** Digits after the point in what Stripe's smallest unit is counted in. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
	const code = currency.toLowerCase();
	if (ZERO_DECIMAL.has(code)) return 0;
	return THREE_DECIMAL.has(code) ? 3 : 2;
}

/** `4900` of usd is `49.00`, of jpy `4900`, of kwd `4.900`. */
export function decimalAmount(smallest: number, currency: string): string {
	const decimals = decimalsOf(currency);
	const digits = String(Math.abs(smallest)).padStart(decimals + 1, '0');
	const sign = smallest < 0 ? '-' : '';
	if (decimals === 0) return sign + digits;
	return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function refused(amount: number | string, currency: string, why: string, cure: string) {
	return invalidRequest(`${amount} is no amount in ${currency.toUpperCase()}: ${why}`, {
		cure,
		reason: 'invalid-amount',
		issues: [{ field: 'amount', reason: why }],
	});
}

/**
 * Without floating point: the digits are moved, not multiplied.
 * @param amount e.g. `49.9` or `"49.90"` of usd
 * @throws YtempireError `invalid-request` for more digits than the currency has
 */
export function smallestUnit(amount: number | string, currency: string): number {
	const decimals = decimalsOf(currency);
	const match = /^(\d{1,10})(?:\.(\d+))?$/.exec(String(amount).trim());
	if (!match) throw refused(amount, currency, 'it is not a plain number', 'Give a number over zero such as 49.90.');
	const fraction = (match[2] ?? '').replace(/0+$/, '');
	if (fraction.length > decimals) {
		throw refused(amount, currency, `the currency has ${decimals} decimals`, 'Round the amount.');
	}
	return checkedAmount(Number(`${match[1] ?? ''}${fraction.padEnd(decimals, '0')}`), currency);
}

/** @throws YtempireError `invalid-request` for what Stripe can't charge in this currency */
export function checkedAmount(smallest: number, currency: string): number {
	if (!Number.isSafeInteger(smallest) || smallest < 1) {
		throw refused(
			smallest,
			currency,
			'the smallest unit is counted in whole numbers over zero',
			decimalsOf(currency) === 0
				? `Give whole ${currency.toUpperCase()}: it has no smaller unit.`
				: 'Give cents, not dollars: 4900 for 49.00. Or choose Whole Units with Decimals.',
		);
	}
	if (THREE_DECIMAL.has(currency.toLowerCase()) && smallest % 10 !== 0) {
		throw refused(smallest, currency, 'its last digit must be 0', 'Round to the nearest ten of the smallest unit.');
	}
	if (WHOLE_ONLY.has(currency.toLowerCase()) && smallest % 100 !== 0) {
		throw refused(smallest, currency, 'its last two digits must be 0', 'Give a whole amount, times 100.');
	}
	return smallest;
}

/** @throws YtempireError `invalid-request` for what isn't three letters */
export function currencyCode(text: string): string {
	const code = text.trim().toLowerCase();
	if (/^[a-z]{3}$/.test(code)) return code;
	throw invalidRequest(`"${text.slice(0, 20)}" is not a currency`, {
		cure: 'Give three letters such as usd, eur or jpy.',
		reason: 'invalid-currency',
	});
}

/** ISO 8601 of Stripe's Unix seconds; null stays null. */
export function isoTime(seconds: number | null | undefined): string | null {
	return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : null;
}
