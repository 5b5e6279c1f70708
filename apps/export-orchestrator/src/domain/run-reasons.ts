import type { RunReason } from '@courier/contracts';

const batchUnread =
  'An operator finds the batch with `ops dead-letters list` and the cause in the log of klaviyo-sink; then run the export again.';

/** What a person can do about each reason for which a run ends early. */
const remedies: Record<string, string> = {
  snapshot_missing:
    'Check that the export folder still exists and that this service may read it, then refresh the segment that is named again.',
  snapshot_outside_roots: 'Let the refresh name files below one of the folders in SNAPSHOT_ROOTS, or add the folder there.',
  snapshot_count_mismatch: 'The files and the refresh event disagree about the number of rows; refresh the segment again.',
  snapshot_size_mismatch: 'A file changed after the refresh event was sent; refresh the segment again.',
  snapshot_digest_mismatch: 'A file is damaged or changed after the refresh event was sent; refresh the segment again.',
  snapshot_unreadable: 'The files do not have the announced format; check the manifest and refresh the segment again.',
  snapshot_expired: 'Refresh the segment that is named again, or take it out of the export; what expired does not come back.',
  email_column_missing: 'Choose a column that the segment has as the e-mail field of this export.',
  list_not_found: 'Choose a Klaviyo list that exists; the list of this export was deleted or its id is wrong.',
  deadline_exceeded: 'Check the state of the connection and of Klaviyo, then run the export again.',
  nothing_accepted: 'Look at the rejected profiles for the reasons that Klaviyo gave, then run the export again.',
  ledger_unreadable:
    'See that STAGING_URI is mounted and STAGING_KEY_FILE holds every key that is in use, or bring the object back from a backup; then run ' +
    'the export again. Where it is lost for good, an administrator starts the export without it: ' +
    'ops runs start --export <id> --without-ledger --reason <why>. It sends everybody, and forgets who was delivered before.',
  profile_limit_exceeded: 'Raise the profile limit of the connection, or split the segment over several exports.',
  upstream_failed: 'The refresh failed in Customer Insights; refresh the segment again there.',
  upstream_skipped: 'The refresh was skipped in Customer Insights; refresh the segment again there.',
  segment_inactive: 'Activate the segment in Customer Insights.',
  stale_snapshot:
    'Nothing to do where a newer refresh is known. Where its sequence was too high, an administrator leads the segment out: ops segments reset-sequence.',
  dependency_timeout:
    'Other segments of the same refresh did not report in time; run the export by hand or wait for the next refresh.',
  permission_lost: 'Ask an administrator to share the connection again.',
  replay_aborted: 'Nothing to do: the replay was ended on purpose. Run the export by hand if its list is still wrong.',
  export_removed: 'Nothing to do: the export is gone. What is in Klaviyo stays there.',
  export_detached: 'Attach a connection to the export, then run it.',
  export_paused: 'Activate the export; it runs with the next refresh.',
  empty_snapshot: 'Nothing to do: the segment has no members.',
  superseded: 'Nothing to do: a newer full run of the same export and list has sent its people.',
  expired_batch: 'The staged profiles are past their time; run the export again.',
  nothing_to_do: 'Nothing to do: there is nobody to send.',
  not_supported: 'Use a feature that this version supports.',
  connection_removed: 'Attach another connection to the export, then run it again.',
  undecodable: batchUnread,
  too_large: batchUnread,
  invalid_message: batchUnread,
  unknown_type: batchUnread,
  handler_failed: batchUnread,
  environment_mismatch: 'Let upstream send the events of this environment here, or set ENVIRONMENT_ID to the one that is meant.',
  no_active_export: 'Nothing to do where none is wanted; else add the segment to an export, or activate one, and run it by hand.',
};

/** What to do about a refresh that started nothing, or whose runs were skipped; null where all went its way. */
export function remedyOf(code: string | null): string | null {
  return code === null ? null : (remedies[code] ?? null);
}

export function runReason(code: string, detail: string): RunReason {
  return { code, detail, remedy: remedies[code] ?? 'Run the export again; if it fails again, look into the log of this run.' };
}
