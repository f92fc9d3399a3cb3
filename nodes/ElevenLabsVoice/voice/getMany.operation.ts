/** Voice: Get Many: the voices that the account can use. */
import type { Operation } from '../../shared/operation';
import { textParameter } from '../../shared/text';
import { providerField, providerOf } from '../connection';

export const getManyVoicesOperation: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many voices',
	description: 'List the voices that the account can use',
	properties: [
		providerField,
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { returnAll: [false] } },
		},
	],
	async execute(context, itemIndex) {
		const provider = await providerOf(context, textParameter(context, 'provider', itemIndex), itemIndex);
		const voices = await provider.listVoices(context.getExecutionCancelSignal());
		const all = context.getNodeParameter('returnAll', itemIndex);
		const limit = all ? voices.length : context.getNodeParameter('limit', itemIndex);
		return voices.slice(0, limit).map(({ id, ...rest }) => ({ json: { voice_id: id, ...rest } }));
	},
};
