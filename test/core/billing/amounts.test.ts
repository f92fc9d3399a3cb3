/** Amounts in Stripe's smallest unit. */
import { describe, expect, it } from 'vitest';

import { checkedAmount, currencyCode, decimalAmount, smallestUnit } from '../../../core/billing/amounts';

describe('an amount with decimals', () => {
	it.each([
		['49.00', 'usd', 4900],
		[49.9, 'USD', 4990],
		['0.5', 'eur', 50],
		// 1.15 × 100 is 114.99999999999999 in floating point
		[1.15, 'usd', 115],
		['8.2', 'usd', 820],
		['4900', 'jpy', 4900],
		['4900.00', 'jpy', 4900],
		['5', 'vnd', 5],
		['1.230', 'kwd', 1230],
		['5', 'isk', 500],
		['5', 'ugx', 500],
		['5.25', 'huf', 525],
	])('%s %s is %i of the smallest unit', (amount, currency, smallest) => {
		expect(smallestUnit(amount, currency)).toBe(smallest);
	});

	it.each([
		['49.005', 'usd', /2 decimals/],
		['4900.5', 'jpy', /0 decimals/],
		['1.234', 'bhd', /last digit must be 0/],
		['5.5', 'isk', /last two digits must be 0/],
		['-5', 'usd', /plain number/],
		['5e3', 'usd', /plain number/],
		['', 'usd', /plain number/],
		['0.00', 'usd', /over zero/],
	])('refuses %s %s, and says why', (amount, currency, why) => {
		expect(() => smallestUnit(amount, currency)).toThrow(why);
	});
});

describe('an amount in the smallest unit', () => {
	it.each([
		[4900, 'usd', '49.00'],
		[5, 'usd', '0.05'],
		[-1250, 'eur', '-12.50'],
		[4900, 'jpy', '4900'],
		[4900, 'kwd', '4.900'],
		[500, 'isk', '5.00'],
	])('%i of %s reads %s', (smallest, currency, text) => {
		expect(decimalAmount(smallest, currency)).toBe(text);
	});

	it('is a whole number, so that dollars in place of cents are noticed', () => {
		expect(() => checkedAmount(49.9, 'usd')).toThrow(/whole numbers/);
		expect(() => checkedAmount(Number.NaN, 'usd')).toThrow(/whole numbers/);
		expect(checkedAmount(4990, 'usd')).toBe(4990);
	});
});

describe('a currency', () => {
	it('is three letters in any case', () => {
		expect(currencyCode(' EUR ')).toBe('eur');
		expect(() => currencyCode('dollars')).toThrow('"dollars" is not a currency');
	});
});
