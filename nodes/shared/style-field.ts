/** The field that sets the manner of a video; filled in from the request that comes in. */
import type { INodeProperties } from 'n8n-workflow';

import { STYLES } from '../../core/jobs/request';

export const styleField: INodeProperties = {
	displayName: 'Style',
	name: 'style',
	type: 'options',
	options: STYLES.map((style) => ({ name: style.charAt(0).toUpperCase() + style.slice(1), value: style })),
	default: `={{ $json.style || '${STYLES[0]}' }}`,
};
