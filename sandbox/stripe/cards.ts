/** Stripe's test payment methods (docs.stripe.com/testing, 2026-10): which pay, which are declined, which ask the buyer first. */

export interface TestCard {
	outcome: 'pays' | 'declined' | 'asks';
	code?: string;
	declineCode?: string;
	message?: string;
	/** Declined only when it is charged; other declined cards can't even be attached to a customer. */
	attaches?: boolean;
}

const DECLINED: Record<string, TestCard> = {
	chargeDeclined: { outcome: 'declined', code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
	chargeDeclinedInsufficientFunds: {
		outcome: 'declined',
		code: 'card_declined',
		declineCode: 'insufficient_funds',
		message: 'Your card has insufficient funds.',
	},
	chargeDeclinedExpiredCard: { outcome: 'declined', code: 'expired_card', message: 'Your card has expired.' },
	chargeDeclinedIncorrectCvc: { outcome: 'declined', code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
	chargeDeclinedProcessingError: {
		outcome: 'declined',
		code: 'processing_error',
		message: 'An error occurred while processing your card. Try again in a little bit.',
	},
};

const PAYS: TestCard = { outcome: 'pays' };
const ASKS: TestCard = { outcome: 'asks' };

const CARDS: Record<string, TestCard> = {
	pm_card_visa: PAYS,
	pm_card_mastercard: PAYS,
	pm_card_amex: PAYS,
	pm_card_us: PAYS,
	pm_card_chargeCustomerFail: { outcome: 'declined', code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.', attaches: true },
	pm_card_threeDSecure2Required: ASKS,
	pm_card_threeDSecureRequired: ASKS,
	pm_card_authenticationRequired: ASKS,
	...Object.fromEntries(
		Object.entries(DECLINED).flatMap(([name, card]) => [
			[`pm_card_${name}`, card],
			[`pm_card_visa_${name}`, card],
		]),
	),
};

export function testCard(method: string): TestCard | undefined {
	return Object.hasOwn(CARDS, method) ? CARDS[method] : undefined;
}
