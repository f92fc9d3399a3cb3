/** A node that does what its Act parameter says, for the tests of the engine. */

/** @typedef {import('n8n-workflow').IExecuteFunctions} Context */
/** @typedef {import('n8n-workflow').INodeExecutionData} Item */

/** @type {Record<string, (context: Context, index: number) => Promise<Item[]>>} */
const ACTS = {
	async echo(context, index) {
		const text = context.getNodeParameter('text', index);
		return [{ json: { text }, pairedItem: { item: index } }];
	},
	async forget() {
		return [{ json: {} }];
	},
	async fail(context, index) {
		if (context.continueOnFail()) {
			return [{ json: { error: 'as told' }, pairedItem: { item: index } }];
		}
		throw new Error('as told');
	},
	async request(context, index) {
		const { baseUrl } = await context.getCredentials('echoApi');
		const answer = await context.helpers.httpRequestWithAuthentication.call(context, 'echoApi', {
			url: `${String(baseUrl)}/x`,
		});
		return [{ json: answer, pairedItem: { item: index } }];
	},
	async store(context, index) {
		const stored = context.helpers.assertBinaryData(index, 'data');
		const copy = await context.helpers.prepareBinaryData(
			await context.helpers.getBinaryStream(String(stored.id)),
			'copy.txt',
			'text/plain',
		);
		return [{ json: { mode: copy.data }, binary: { copy }, pairedItem: { item: index } }];
	},
	async wait(context) {
		await new Promise((_resolve, reject) => {
			const stop = () => reject(new Error('cancelled'));
			context.getExecutionCancelSignal()?.addEventListener('abort', stop, { once: true });
		});
		return [];
	},
};

class Echo {
	/** @type {import('n8n-workflow').INodeTypeDescription} */
	description = {
		displayName: 'Echo',
		name: 'echo',
		group: ['transform'],
		version: [1, 1.1],
		description: 'Does as told',
		defaults: { name: 'Echo' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'echoApi' }],
		properties: [
			{ displayName: 'Act', name: 'act', type: 'string', default: 'echo' },
			{ displayName: 'Text', name: 'text', type: 'string', default: '={{ $json.text }}' },
		],
	};

	/** @this {Context} */
	async execute() {
		/** @type {Item[]} */
		const items = [];
		for (let index = 0; index < this.getInputData().length; index += 1) {
			const act = ACTS[String(this.getNodeParameter('act', index))];
			if (act) items.push(...(await act(this, index)));
		}
		return [items];
	}
}

module.exports = { Echo };
