/** How the demo runs each workflow once: what it sends, and what the answer says. */
import { planOfCustomer, type CustomerPlan } from '../../core/billing/plans';
import type { QualityResult } from '../../core/documents';
import { getJob, type Job } from '../../core/jobs/job';
import { openStore } from '../../core/store/store';
import { KEYS } from '../../sandbox/keys';
import type { Answer, Factory } from '../factory';
import type { WorkflowFile } from '../provision';
import type { SandboxProcess } from '../sandbox';

/** What became of a run: in words, and in figures for programs. */
export interface Outcome {
	ok: boolean;
	/** e.g. `POST workflow_002` */
	started_by: string;
	outcome: string;
	details?: object;
}

export interface RunContext {
	factory: Factory;
	sandbox: SandboxProcess;
	workflow: WorkflowFile;
	/** Makes and publishes a video by video_generation once, for those that look at one. */
	published(): Promise<Job>;
	/** Makes a video whose upload fails because YouTube is down, and brings YouTube back. */
	rendered(): Promise<Job>;
}

type Run = (context: RunContext) => Promise<Outcome>;

/** By file; a workflow that isn't here is run by its first webhook or schedule. */
export const RUNS: Record<string, Run> = {
	video_generation: async ({ published }) => {
		const { video_id, status, failure, cost_usd, results } = await published();
		const url = (results.upload as { youtube_url?: string } | undefined)?.youtube_url;
		return {
			ok: status === 'published',
			started_by: 'POST workflow_001',
			outcome: failure ? `stopped at ${failure.stage}: ${failure.reason}` : `${video_id} is ${status}, $${cost_usd.toFixed(4)}`,
			details: { video_id, status, youtube_url: url, cost_usd, failure },
		};
	},

	quality_check: async ({ factory, published }) => {
		const { video_id } = await published();
		return answered('POST workflow_002', await factory.post('workflow_002', { video_id }), ({ passed, score, threshold }) =>
			`${video_id} ${passed === true ? 'passed' : 'did not pass'}: ${Number(score).toFixed(2)} of 1 (at least ${Number(threshold)})`,
		);
	},

	quality_monitoring: async (context) => {
		const { factory, rendered } = context;
		const { video_id } = await rendered();
		await forgetJudgement(factory, video_id);
		const run = await runByTrigger(context);
		const job = await jobOf(factory, video_id);
		const status = job?.status ?? 'lost';
		const quality = job?.results.quality as QualityResult | undefined;
		return {
			...run,
			// judged good, it waits for its turn to be published
			ok: run.ok && (quality?.passed === true ? status === 'queued' : quality !== undefined),
			outcome: quality ? `${video_id} was judged: ${quality.score.toFixed(2)} of 1; it is ${status}` : `${video_id} was not judged; ${run.outcome}`,
			details: { video_id, status, passed: quality?.passed ?? null, run: run.outcome },
		};
	},

	youtube_upload: async ({ factory, rendered }) => {
		const { video_id } = await rendered();
		return answered('POST workflow_003', await factory.post('workflow_003', { video_id }), ({ disposition, account_id, youtube_id }) =>
			[video_id, disposition, 'as', youtube_id, 'on', account_id].join(' '),
		);
	},

	cost_optimization: async ({ factory, published }) => {
		await published();
		return answered('POST workflow_004', await factory.post('workflow_004', {}), ({ outcome }) => String(outcome));
	},

	dashboard: async ({ factory, published }) => {
		await published();
		const signIn = Buffer.from(`ytempire:${factory.webhookKey.value}`).toString('base64');
		const answer = await fetch(`${factory.n8n.url}/webhook/dashboard`, { headers: { authorization: `Basic ${signIn}` } });
		const page = await answer.text();
		return {
			ok: answer.ok && page.includes('<html'),
			started_by: 'GET dashboard',
			outcome: answer.ok ? `a page of ${Math.round(page.length / 1000)} kB` : `HTTP ${answer.status}: ${page.slice(0, 200)}`,
		};
	},

	billing_events: async ({ factory, sandbox }) => {
		const ask = async (path: string, fields: Record<string, string>): Promise<{ id: string }> => {
			const headers = { authorization: `Bearer ${KEYS.stripe.secretKey}` };
			const answer = await fetch(`${sandbox.services.stripe}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
			return (await answer.json()) as { id: string };
		};
		const customer = await ask('/v1/customers', { 'metadata[user_id]': 'demo-customer' });
		await ask('/v1/subscriptions', {
			customer: customer.id,
			'items[0][price]': 'price_sandbox_test_growth_monthly',
			default_payment_method: 'pm_card_visa',
		});
		const plan = await planInForce(factory, 'demo-customer');
		return {
			ok: plan !== undefined,
			started_by: "Stripe's signed events",
			outcome: plan ? `the customer has the plan ${plan.tier}: ${plan.videos_per_day} videos a day` : 'no plan came of the subscription',
		};
	},

	error_handler: async ({ factory, sandbox }) => {
		const before = await mailsOf(sandbox);
		await factory.post('failing', { video_id: 'demo-lost', topic: 'A video that gets lost', message: 'The disk is full' });
		for (let left = 300; left > 0 && (await mailsOf(sandbox)).length === before.length; left--) {
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		const told = (await mailsOf(sandbox)).slice(before.length);
		const failure = (await jobOf(factory, 'demo-lost'))?.failure;
		return {
			ok: told.length === 1 && failure?.stage === 'Break',
			started_by: 'another workflow that failed',
			outcome: `the video is marked "${failure?.reason ?? ''}", ${told.length} mail to the operator`,
			details: { failure, mails: told.map(({ subject }) => subject) },
		};
	},
};

/** By hand where n8n's clock would start it: from the trigger itself, through the whole workflow. */
export async function runByTrigger({ factory, workflow }: RunContext): Promise<Outcome> {
	const webhook = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
	if (webhook) {
		const path = String(webhook.parameters.path);
		return answered(`POST ${path}`, await factory.post(path, {}), () => 'answered');
	}
	const schedule = workflow.nodes.find(({ type, disabled }) => type === 'n8n-nodes-base.scheduleTrigger' && disabled !== true);
	if (!schedule) return { ok: true, started_by: 'nothing', outcome: 'published; it waits for its trigger' };
	const api = await factory.n8n.api();
	const { status, data } = await api.ended(await api.run(workflow.id, schedule.name));
	const { runData = {}, error } = data?.resultData ?? {};
	return {
		ok: status === 'success',
		started_by: schedule.name,
		outcome: error ? error.message : `${status}, through ${Object.keys(runData).join(' → ')}`,
	};
}

function answered(startedBy: string, { status, body }: Answer, say: (body: Record<string, unknown>) => string): Outcome {
	const ok = status >= 200 && status < 300;
	return {
		ok,
		started_by: startedBy,
		outcome: ok ? say(body) : `HTTP ${status}: ${JSON.stringify(body.error ?? body.message ?? '')}`,
		details: { http_status: status, answer: body },
	};
}

/** As an n8n leaves a video that died before the check. */
async function forgetJudgement(factory: Factory, videoId: string): Promise<void> {
	const store = await openStore(factory.store);
	try {
		await store.transaction(async (trx) => {
			await trx.deleteFrom('stages').where('video_id', '=', videoId).where('stage', '=', 'quality').execute();
		});
	} finally {
		await store.close();
	}
}

async function mailsOf(sandbox: SandboxProcess): Promise<Array<{ subject: string }>> {
	return (await sandbox.state<{ mails: Array<{ subject: string }> }>('sendgrid')).mails;
}

/** Undefined when it doesn't come within half a minute. */
async function planInForce(factory: Factory, customer: string): Promise<CustomerPlan | undefined> {
	const store = await openStore(factory.store);
	try {
		for (let left = 300; left > 0; left--) {
			const plan = await planOfCustomer(store, customer);
			if (plan?.in_force) return plan;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		return undefined;
	} finally {
		await store.close();
	}
}

export async function jobOf(factory: Factory, videoId: string): Promise<Job | undefined> {
	const store = await openStore(factory.store);
	try {
		return await getJob(store, videoId);
	} finally {
		await store.close();
	}
}
