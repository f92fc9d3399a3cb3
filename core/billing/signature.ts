/** Whether a delivery is Stripe's own: its signature over the bytes that came, and how old it is. */
import { z } from '../vendor/zod';

/** Seconds that a delivery may have been under way; Stripe signs anew whenever it tries again. */
export const TOLERANCE_S = 300;

/** What every event has. */
const eventSchema = z.looseObject({ id: z.string().min(1).max(255), type: z.string().min(1) });

export type SignedEvent = z.infer<typeof eventSchema>;

export interface Delivery {
	/** The body as it came, byte for byte. */
	body: Buffer;
	/** The header `Stripe-Signature`. */
	signature: string | undefined;
}

/**
 * @param now milliseconds since 1970
 * @returns undefined for what is forged, tampered with, too old, or no event: whoever sent it learns no more
 */
export async function openDelivery({ body, signature }: Delivery, secret: string, now: number): Promise<SignedEvent | undefined> {
	if (!signature || !secret) return undefined;
	const { Stripe } = await import('../vendor/stripe');
	try {
		const event: unknown = Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_S, undefined, now);
		return eventSchema.safeParse(event).data;
	} catch {
		return undefined;
	}
}
