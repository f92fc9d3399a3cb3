/** Stability AI's stand-in: pictures of Stable Image Core, Ultra and Stable Diffusion 3.5, and the balance of credits. */
import { billedBy } from '../billed';
import { KEYS } from '../keys';
import type { SandboxRequest, Service } from '../service';
import { errorBody } from './errors';
import { type AskedForm, creditsLeft, generate } from './generate';

function authenticate(request: SandboxRequest) {
	return request.bearer() === KEYS.stability.apiKey ? undefined : { status: 401, body: errorBody(401) };
}

export const stability: Service = {
	name: 'stability',
	authenticate,
	errorBody,
	mount(router, context) {
		for (const endpoint of ['core', 'ultra', 'sd3'] as const) {
			const handler = generate(context, endpoint, authenticate);
			router.on('POST', `/v2beta/stable-image/generate/${endpoint}`, handler, { open: true });
		}
		router.on('GET', '/v1/user/balance', () => ({ status: 200, body: { credits: creditsLeft(context) } }));
	},
	state: (context) => ({
		credits: creditsLeft(context),
		asked: [...context.table<AskedForm>('asked').values()],
		billed: [...billedBy(context).values()],
	}),
};
