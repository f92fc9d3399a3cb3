/** The account of the key: what it has used, and how much it may at a time. */
import type { ServiceContext } from '../service';
import type { SpeechModel } from './models';

/** The Pro plan: 10 requests at a time, 20 for the fast models. */
export const MAX_CONCURRENT: Record<SpeechModel['group'], number> = { standard: 10, turbo: 20 };

const CREDIT_LIMIT = 2_000_000;

export interface SpokenRequest {
	request_id: string;
	voice_id: string;
	model_id: string;
	characters: number;
	credits: number;
	text: string;
}

export function spoken(context: ServiceContext): Map<string, SpokenRequest> {
	return context.table<SpokenRequest>('requests');
}

export function creditsLeft(context: ServiceContext): number {
	return CREDIT_LIMIT - creditsUsed(context);
}

function creditsUsed(context: ServiceContext): number {
	return [...spoken(context).values()].reduce((sum, { credits }) => sum + credits, 0);
}

export function describeSubscription(context: ServiceContext) {
	return {
		tier: 'pro',
		character_count: creditsUsed(context),
		character_limit: CREDIT_LIMIT,
		max_character_limit_extension: null,
		max_credit_limit_extension: 'unlimited',
		can_extend_character_limit: false,
		allowed_to_extend_character_limit: false,
		next_character_count_reset_unix: Math.floor(context.clock.now() / 1000) + 20 * 86_400,
		voice_slots_used: 4,
		professional_voice_slots_used: 0,
		professional_voice_slots_used_in_workspace: 0,
		voice_limit: 160,
		voice_add_edit_counter: 0,
		professional_voice_limit: 1,
		can_extend_voice_limit: false,
		can_use_instant_voice_cloning: true,
		can_use_professional_voice_cloning: true,
		currency: 'usd',
		current_overage: { amount: '0', currency: 'usd' },
		status: 'active',
		billing_period: 'monthly_period',
		character_refresh_period: 'monthly_period',
		next_invoice: null,
		open_invoices: [],
		has_open_invoices: false,
		pending_change: null,
	};
}
