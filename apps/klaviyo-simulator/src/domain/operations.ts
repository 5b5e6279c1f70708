/** Requests per second (burst) and per minute (steady) of one endpoint. */
export interface Tier {
  burst: number;
  steady: number;
}

const xs: Tier = { burst: 1, steady: 15 };
const m: Tier = { burst: 10, steady: 150 };
const l: Tier = { burst: 75, steady: 750 };

export interface Operation {
  method: 'GET' | 'POST';
  path: string;
  /** Every one of them is needed. */
  scopes: readonly string[];
  tier: Tier;
  /** Query parameters that the endpoint knows; any other is refused. */
  query: readonly string[];
}

const page = ['page[cursor]', 'page[size]'];

/** What is simulated, under the names of Klaviyo's own operation ids. */
export const operations = {
  get_accounts: { method: 'GET', path: '/api/accounts', scopes: ['accounts:read'], tier: xs, query: ['fields[account]'] },
  get_lists: {
    method: 'GET',
    path: '/api/lists',
    scopes: ['lists:read'],
    tier: l,
    query: [...page, 'filter', 'sort', 'fields[list]'],
  },
  get_list: {
    method: 'GET',
    path: '/api/lists/:id',
    scopes: ['lists:read'],
    tier: l,
    query: ['additional-fields[list]', 'fields[list]', 'fields[flow]', 'include'],
  },
  get_profiles_for_list: {
    method: 'GET',
    path: '/api/lists/:id/profiles',
    scopes: ['lists:read', 'profiles:read'],
    tier: l,
    query: [...page, 'filter', 'sort', 'fields[profile]', 'additional-fields[profile]'],
  },
  get_profiles: {
    method: 'GET',
    path: '/api/profiles',
    scopes: ['profiles:read'],
    tier: l,
    query: [...page, 'filter', 'sort', 'fields[profile]', 'additional-fields[profile]'],
  },
  bulk_import_profiles: {
    method: 'POST',
    path: '/api/profile-bulk-import-jobs',
    scopes: ['lists:write', 'profiles:write'],
    tier: m,
    query: ['fields[profile-bulk-import-job]'],
  },
  get_bulk_import_profiles_jobs: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs',
    scopes: ['lists:read', 'profiles:read'],
    tier: m,
    query: [...page, 'filter', 'sort', 'fields[profile-bulk-import-job]'],
  },
  get_bulk_import_profiles_job: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs/:id',
    scopes: ['lists:read', 'profiles:read'],
    tier: m,
    query: ['include', 'fields[profile-bulk-import-job]', 'fields[list]'],
  },
  get_errors_for_bulk_import_profiles_job: {
    method: 'GET',
    path: '/api/profile-bulk-import-jobs/:id/import-errors',
    scopes: ['profiles:read'],
    tier: m,
    query: [...page, 'fields[import-error]'],
  },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export const operationNames = Object.keys(operations) as OperationName[];

/** Asking for a list's member count draws on a bucket of its own, shared by all calls of the account that ask for it. */
export const PROFILE_COUNT_BUCKET = 'get_list:profile_count';

export const bucketTiers: Readonly<Record<string, Tier>> = {
  ...Object.fromEntries(operationNames.map((name) => [name, operations[name].tier])),
  [PROFILE_COUNT_BUCKET]: xs,
};

export const allScopes: readonly string[] = [
  'accounts:read',
  'lists:read',
  'lists:write',
  'profiles:read',
  'profiles:write',
  'subscriptions:read',
  'subscriptions:write',
  'data-privacy:read',
  'data-privacy:write',
];
