/** A credential with a default and a key that goes into a header, for the tests of the engine. */
class EchoApi {
	name = 'echoApi';
	displayName = 'Echo API';
	/** @type {import('n8n-workflow').INodeProperties[]} */
	properties = [
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: 'http://127.0.0.1:1' },
		{ displayName: 'Key', name: 'key', type: 'string', default: '' },
	];
	/** @type {import('n8n-workflow').IAuthenticateGeneric} */
	authenticate = {
		type: 'generic',
		properties: { headers: { authorization: '=Bearer {{ $credentials.key }}' } },
	};
}

module.exports = { EchoApi };
