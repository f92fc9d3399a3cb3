/** What a paid service would bill, in one form for all of them: shown by the control API at `/state/<service>` as `billed`. */
import type { ServiceContext } from './service';

export interface Billed {
	id: string;
	/** In the provider's own name. */
	model: string;
	/** e.g. `{ characters: 812 }`; units don't overlap. */
	units: Record<string, number>;
}

export function billedBy(context: ServiceContext): Map<string, Billed> {
	return context.table<Billed>('billed');
}

export function bill(context: ServiceContext, answer: Billed): void {
	billedBy(context).set(answer.id, answer);
}
