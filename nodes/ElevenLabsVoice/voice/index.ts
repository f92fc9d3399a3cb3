/** What can be asked about the account's voices. */
import type { Resource } from '../../shared/operation';

import { getManyVoicesOperation } from './getMany.operation';
import { getVoiceSettingsOperation } from './getSettings.operation';

export const voice: Resource = {
	name: 'Voice',
	value: 'voice',
	operations: [getManyVoicesOperation, getVoiceSettingsOperation],
};
