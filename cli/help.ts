/** What the command says about itself. */

export const HELP = `Usage: ytempire accounts <connect|init> [options]

  ytempire accounts init       writes a list of accounts to fill in
  ytempire accounts connect    leads through Google's consent for each of them

Each command has --help.
`;

export const INIT_HELP = `Usage: ytempire accounts init [--accounts FILE]

Writes a list of fifteen accounts to fill in, ten active and five reserve, that share one OAuth client. A file that is
there already is left alone.

  --accounts FILE   where to write it (accounts.json)
  --json            one JSON object on stdout

Exit codes: 0 written, 1 not written, 2 wrong usage.
`;

export const CONNECT_HELP = `Usage: ytempire accounts connect [options]

Opens a page on this machine with a Connect link for each account of the list, and writes what Google gives into a
credentials file for n8n after every account. A run that was interrupted goes on where it stopped.

  --accounts FILE      the list of accounts (accounts.json)
  --out FILE           the n8n credentials file (youtube-pool.credentials.json), readable by you alone;
                       n8n import:credentials --input=FILE takes it
  --again ID           connect this account again though it is connected; may be given several times
  --port N             port of the page on 127.0.0.1 (8000)
  --redirect URL       where Google sends back to (http://localhost:PORT/auth/youtube/callback); each OAuth client
                       must name it among its authorised redirect URIs
  --n8n URL            also put the credential into this n8n by its API
  --api-key-file FILE  file with an n8n API key that may create and update credentials
  --google-base URL    another address for all of Google, such as the sandbox
  --json               one JSON object on stdout at the end; progress goes to stderr either way

On a machine without a browser: ssh -L 8000:127.0.0.1:8000 HOST, and open the page on your own.

Exit codes: 0 every account is connected, 1 something failed (what was connected is kept), 2 wrong usage or accounts
file, 3 ended by Ctrl-C before every account was connected.
`;
