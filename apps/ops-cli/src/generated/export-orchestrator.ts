// Written by npm run openapi from docs/openapi/export-orchestrator.json.

export interface paths {
    "/v1/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what in this service and why, newest first */
        get: operations["auditEventsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the records that this service could not use, newest first */
        get: operations["deadLettersList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a dead letter */
        get: operations["deadLettersRead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the record up for good */
        post: operations["deadLettersDiscard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the record in again, from its place in its topic */
        post: operations["deadLettersRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List exports, newest first unless sorted otherwise */
        get: operations["exportsList"];
        put?: never;
        /** Create an export; it runs with the next refresh of one of its segments, not now */
        post: operations["exportsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an export */
        get: operations["exportsRead"];
        put?: never;
        post?: never;
        /** Remove an export; what it delivered stays in Klaviyo */
        delete: operations["exportsRemove"];
        options?: never;
        head?: never;
        /** Change an export; connectionId null detaches it, and it rests until another one is attached */
        patch: operations["exportsPatch"];
        trace?: never;
    };
    "/v1/exports/{id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an export run with the next refresh again */
        post: operations["exportsActivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy an export; the copy is paused, because both would fill one list */
        post: operations["exportsDuplicate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause an export: refreshes start no run of it; one that has begun goes on */
        post: operations["exportsPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run an export now with the newest snapshots known; withoutLedger, for administrators, where its ledger cannot be read */
        post: operations["runsStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the reading of each topic stands, what was replayed, and what waits for a decision */
        get: operations["intakeStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide about a partition: its owner decides again with this */
        post: operations["intakeCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read a topic once more from a time on */
        post: operations["intakeStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/replays/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a reset to a time would read once more, and what would come of it */
        post: operations["intakePlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refreshes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every refresh that was heard of and what it led to, newest first */
        get: operations["refreshesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Repeat runs: a full run of each export, with the snapshots of the newest run that is chosen */
        post: operations["replaysStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What repeating these runs would do; of each export only the newest is repeated */
        post: operations["replaysPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs of all triggers, newest first */
        get: operations["runsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a run */
        get: operations["runsRead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of each batch of a run */
        get: operations["runsReadBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{id}/rejected-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody of a run who was not delivered, as JSON pages, CSV or NDJSON; masked for those who may not edit the export */
        get: operations["rejectedProfilesList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The segments that a refresh has named, the latest refreshed first */
        get: operations["segmentsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/segments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a segment */
        get: operations["segmentsRead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/segments/{id}/reset-sequence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lead a segment out of a sequence that was too high: refreshes with lower ones are taken again */
        post: operations["segmentsReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/segments/{id}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The snapshots of a segment that were heard of, newest first */
        get: operations["segmentsSnapshots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "type": "urn:segment-courier:problem:invalid_request",
         *       "title": "Invalid request",
         *       "status": 400,
         *       "detail": "Not accepted: mapping.email.",
         *       "code": "invalid_request",
         *       "remedy": "Correct what errors names; the fields are described at /docs.",
         *       "requestId": "0199a2b4-0000-7000-8000-00000000000f",
         *       "errors": [
         *         {
         *           "path": "mapping.email",
         *           "code": "required",
         *           "detail": "Invalid input: expected string, received undefined"
         *         }
         *       ]
         *     }
         */
        Problem: {
            code: string;
            detail: string;
            errors?: {
                code: string;
                detail: string;
                path: string;
            }[];
            remedy: string | null;
            requestId: string;
            status: number;
            title: string;
            type: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Names the request in the log */
        RequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    auditEventsList: {
        parameters: {
            query?: {
                action?: string;
                actor?: string;
                concerns?: string;
                cursor?: string;
                from?: string;
                limit?: number;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who changed what in this service and why, newest first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0199a2b4-0000-7000-8000-00000000000e",
                     *           "at": "2026-11-24T02:15:44.000Z",
                     *           "actor": {
                     *             "sub": "ada",
                     *             "name": "Ada",
                     *             "roles": [
                     *               "administrator"
                     *             ],
                     *             "address": "10.0.0.7"
                     *           },
                     *           "action": "run.repeated",
                     *           "aggregate": {
                     *             "type": "run",
                     *             "id": "5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76"
                     *           },
                     *           "reason": "the list was emptied by mistake",
                     *           "changes": [],
                     *           "related": [
                     *             {
                     *               "type": "export",
                     *               "id": "019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            action: string;
                            actor: {
                                address: string | null;
                                name: string;
                                roles: string[];
                                sub: string;
                            };
                            aggregate: {
                                id: string;
                                type: string;
                            };
                            at: string;
                            changes: {
                                field: string;
                                from?: string | number;
                                to?: string | number;
                            }[];
                            id: string;
                            reason: string | null;
                            related: {
                                id: string;
                                type: string;
                            }[];
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, invalid_cursor */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deadLettersList: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                state?: "open" | "retried" | "discarded";
                topic?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List the records that this service could not use, newest first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0199a2b4-0000-7000-8000-00000000000d",
                     *           "consumer": "export-orchestrator",
                     *           "topic": "segment.refreshes",
                     *           "partition": 3,
                     *           "offset": "4711",
                     *           "eventId": "a8f2c1de",
                     *           "eventType": "segment.refreshed.v1",
                     *           "reason": "invalid_message",
                     *           "detail": "invalid at: segment.id",
                     *           "remedy": "Have the sender correct the event and send it again.",
                     *           "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *           "bytes": 512,
                     *           "at": "2026-11-24T02:15:44.000Z",
                     *           "state": "open",
                     *           "retries": 0,
                     *           "resolved": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            at: string;
                            bytes: number;
                            consumer: string;
                            detail: string;
                            eventId: string | null;
                            eventType: string | null;
                            id: string;
                            offset: string;
                            partition: number;
                            reason: string;
                            remedy: string;
                            resolved: {
                                at: string;
                                by: {
                                    name: string;
                                    sub: string;
                                } | null;
                                reason: string;
                            } | null;
                            retries: number;
                            sha256: string;
                            /** @enum {string} */
                            state: "open" | "retried" | "discarded";
                            topic: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, invalid_cursor */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deadLettersRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a dead letter */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000d",
                     *       "consumer": "export-orchestrator",
                     *       "topic": "segment.refreshes",
                     *       "partition": 3,
                     *       "offset": "4711",
                     *       "eventId": "a8f2c1de",
                     *       "eventType": "segment.refreshed.v1",
                     *       "reason": "invalid_message",
                     *       "detail": "invalid at: segment.id",
                     *       "remedy": "Have the sender correct the event and send it again.",
                     *       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "bytes": 512,
                     *       "at": "2026-11-24T02:15:44.000Z",
                     *       "state": "open",
                     *       "retries": 0,
                     *       "resolved": null
                     *     }
                     */
                    "application/json": {
                        at: string;
                        bytes: number;
                        consumer: string;
                        detail: string;
                        eventId: string | null;
                        eventType: string | null;
                        id: string;
                        offset: string;
                        partition: number;
                        reason: string;
                        remedy: string;
                        resolved: {
                            at: string;
                            by: {
                                name: string;
                                sub: string;
                            } | null;
                            reason: string;
                        } | null;
                        retries: number;
                        sha256: string;
                        /** @enum {string} */
                        state: "open" | "retried" | "discarded";
                        topic: string;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description dead_letter_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deadLettersDiscard: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The sender has corrected it."
                 *     }
                 */
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Give the record up for good */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000d",
                     *       "consumer": "export-orchestrator",
                     *       "topic": "segment.refreshes",
                     *       "partition": 3,
                     *       "offset": "4711",
                     *       "eventId": "a8f2c1de",
                     *       "eventType": "segment.refreshed.v1",
                     *       "reason": "invalid_message",
                     *       "detail": "invalid at: segment.id",
                     *       "remedy": "Have the sender correct the event and send it again.",
                     *       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *       "bytes": 512,
                     *       "at": "2026-11-24T02:15:44.000Z",
                     *       "state": "open",
                     *       "retries": 0,
                     *       "resolved": null
                     *     }
                     */
                    "application/json": {
                        at: string;
                        bytes: number;
                        consumer: string;
                        detail: string;
                        eventId: string | null;
                        eventType: string | null;
                        id: string;
                        offset: string;
                        partition: number;
                        reason: string;
                        remedy: string;
                        resolved: {
                            at: string;
                            by: {
                                name: string;
                                sub: string;
                            } | null;
                            reason: string;
                        } | null;
                        retries: number;
                        sha256: string;
                        /** @enum {string} */
                        state: "open" | "retried" | "discarded";
                        topic: string;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description dead_letter_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description dead_letter_resolved */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deadLettersRetry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "The sender has corrected it."
                 *     }
                 */
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Take the record in again, from its place in its topic */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "result": "done",
                     *       "deadLetter": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000d",
                     *         "consumer": "export-orchestrator",
                     *         "topic": "segment.refreshes",
                     *         "partition": 3,
                     *         "offset": "4711",
                     *         "eventId": "a8f2c1de",
                     *         "eventType": "segment.refreshed.v1",
                     *         "reason": "invalid_message",
                     *         "detail": "invalid at: segment.id",
                     *         "remedy": "Have the sender correct the event and send it again.",
                     *         "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                     *         "bytes": 512,
                     *         "at": "2026-11-24T02:15:44.000Z",
                     *         "state": "retried",
                     *         "retries": 1,
                     *         "resolved": null
                     *       }
                     *     }
                     */
                    "application/json": {
                        deadLetter: {
                            at: string;
                            bytes: number;
                            consumer: string;
                            detail: string;
                            eventId: string | null;
                            eventType: string | null;
                            id: string;
                            offset: string;
                            partition: number;
                            reason: string;
                            remedy: string;
                            resolved: {
                                at: string;
                                by: {
                                    name: string;
                                    sub: string;
                                } | null;
                                reason: string;
                            } | null;
                            retries: number;
                            sha256: string;
                            /** @enum {string} */
                            state: "open" | "retried" | "discarded";
                            topic: string;
                        };
                        /** @enum {string} */
                        result: "done" | "skipped" | "known" | "dead_lettered";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description dead_letter_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description dead_letter_resolved, record_past_retention, record_changed */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsList: {
        parameters: {
            query?: {
                connectionId?: string;
                cursor?: string;
                limit?: number;
                q?: string;
                segmentId?: string;
                sort?: "createdAt" | "-createdAt" | "name" | "-name" | "updatedAt" | "-updatedAt";
                state?: "active" | "paused" | "detached" | "needs_attention";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List exports, newest first unless sorted otherwise */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *           "name": "High value",
                     *           "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *           "listId": "LST001",
                     *           "segmentIds": [
                     *             "HighValueSegment"
                     *           ],
                     *           "mapping": {
                     *             "email": "Email",
                     *             "firstName": "FirstName",
                     *             "properties": {
                     *               "Loyalty points": "LoyaltyPoints"
                     *             }
                     *           },
                     *           "mode": "add",
                     *           "schedule": {
                     *             "on": "refresh"
                     *           },
                     *           "state": "active",
                     *           "attention": null,
                     *           "list": {
                     *             "name": "Newsletter",
                     *             "checked": true,
                     *             "problem": null
                     *           },
                     *           "nextRunFull": true,
                     *           "lastRun": {
                     *             "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *             "status": "succeeded",
                     *             "trigger": "refresh",
                     *             "finishedAt": "2026-11-24T02:15:44.000Z"
                     *           },
                     *           "yourPermissions": "edit",
                     *           "createdAt": "2026-11-24T02:15:44.000Z",
                     *           "createdBy": {
                     *             "sub": "ada",
                     *             "name": "Ada"
                     *           },
                     *           "updatedAt": "2026-11-24T02:15:44.000Z",
                     *           "updatedBy": {
                     *             "sub": "ada",
                     *             "name": "Ada"
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            attention: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                            connectionId: string | null;
                            createdAt: string;
                            createdBy: {
                                name: string;
                                sub: string;
                            };
                            id: string;
                            lastRun: {
                                finishedAt: string | null;
                                id: string;
                                /** @enum {string} */
                                status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                                /** @enum {string} */
                                trigger: "refresh" | "schedule" | "manual" | "replay";
                            } | null;
                            list: {
                                checked: boolean;
                                name: string | null;
                                problem?: {
                                    code: string;
                                    detail: string;
                                    remedy: string;
                                } | null;
                            };
                            listId: string;
                            mapping: {
                                email: string;
                                externalId?: string;
                                firstName?: string;
                                image?: string;
                                lastName?: string;
                                locale?: string;
                                location?: {
                                    address1?: string;
                                    address2?: string;
                                    city?: string;
                                    country?: string;
                                    region?: string;
                                    timezone?: string;
                                    zip?: string;
                                };
                                organization?: string;
                                phoneNumber?: string;
                                properties?: {
                                    [key: string]: string;
                                };
                                title?: string;
                            };
                            /** @enum {string} */
                            mode: "add" | "mirror";
                            name: string;
                            nextRunFull: boolean;
                            schedule: {
                                /** @enum {string} */
                                on: "refresh" | "cron" | "manual";
                            };
                            segmentIds: string[];
                            /** @enum {string} */
                            state: "active" | "paused" | "detached" | "needs_attention";
                            updatedAt: string;
                            updatedBy: {
                                name: string;
                                sub: string;
                            };
                            /** @enum {string} */
                            yourPermissions: "edit" | "view";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, invalid_cursor */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "High value",
                 *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                 *       "listId": "LST001",
                 *       "segmentIds": [
                 *         "HighValueSegment"
                 *       ],
                 *       "mapping": {
                 *         "email": "Email",
                 *         "firstName": "FirstName",
                 *         "properties": {
                 *           "Loyalty points": "LoyaltyPoints"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    connectionId: string;
                    listId: string;
                    mapping: {
                        email: string;
                        externalId?: string;
                        firstName?: string;
                        image?: string;
                        lastName?: string;
                        locale?: string;
                        location?: {
                            address1?: string;
                            address2?: string;
                            city?: string;
                            country?: string;
                            region?: string;
                            timezone?: string;
                            zip?: string;
                        };
                        organization?: string;
                        phoneNumber?: string;
                        properties?: {
                            [key: string]: string;
                        };
                        title?: string;
                    };
                    /**
                     * @default add
                     * @enum {string}
                     */
                    mode?: "add" | "mirror";
                    name: string;
                    schedule?: {
                        /** @enum {string} */
                        on: "refresh" | "cron" | "manual";
                    };
                    segmentIds: string[];
                };
            };
        };
        responses: {
            /** @description Create an export; it runs with the next refresh of one of its segments, not now */
            201: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    /** @description Where it is */
                    Location?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "name": "High value",
                     *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *       "listId": "LST001",
                     *       "segmentIds": [
                     *         "HighValueSegment"
                     *       ],
                     *       "mapping": {
                     *         "email": "Email",
                     *         "firstName": "FirstName",
                     *         "properties": {
                     *           "Loyalty points": "LoyaltyPoints"
                     *         }
                     *       },
                     *       "mode": "add",
                     *       "schedule": {
                     *         "on": "refresh"
                     *       },
                     *       "state": "active",
                     *       "attention": null,
                     *       "list": {
                     *         "name": "Newsletter",
                     *         "checked": true,
                     *         "problem": null
                     *       },
                     *       "nextRunFull": true,
                     *       "lastRun": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *         "status": "succeeded",
                     *         "trigger": "refresh",
                     *         "finishedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "yourPermissions": "edit",
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "createdBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       },
                     *       "updatedAt": "2026-11-24T02:15:44.000Z",
                     *       "updatedBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       }
                     *     }
                     */
                    "application/json": {
                        attention: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        connectionId: string | null;
                        createdAt: string;
                        createdBy: {
                            name: string;
                            sub: string;
                        };
                        id: string;
                        lastRun: {
                            finishedAt: string | null;
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                        } | null;
                        list: {
                            checked: boolean;
                            name: string | null;
                            problem?: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                        };
                        listId: string;
                        mapping: {
                            email: string;
                            externalId?: string;
                            firstName?: string;
                            image?: string;
                            lastName?: string;
                            locale?: string;
                            location?: {
                                address1?: string;
                                address2?: string;
                                city?: string;
                                country?: string;
                                region?: string;
                                timezone?: string;
                                zip?: string;
                            };
                            organization?: string;
                            phoneNumber?: string;
                            properties?: {
                                [key: string]: string;
                            };
                            title?: string;
                        };
                        /** @enum {string} */
                        mode: "add" | "mirror";
                        name: string;
                        nextRunFull: boolean;
                        schedule: {
                            /** @enum {string} */
                            on: "refresh" | "cron" | "manual";
                        };
                        segmentIds: string[];
                        /** @enum {string} */
                        state: "active" | "paused" | "detached" | "needs_attention";
                        updatedAt: string;
                        updatedBy: {
                            name: string;
                            sub: string;
                        };
                        /** @enum {string} */
                        yourPermissions: "edit" | "view";
                    };
                };
            };
            /** @description invalid_request, list_not_found */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description connection_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read an export */
            200: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "name": "High value",
                     *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *       "listId": "LST001",
                     *       "segmentIds": [
                     *         "HighValueSegment"
                     *       ],
                     *       "mapping": {
                     *         "email": "Email",
                     *         "firstName": "FirstName",
                     *         "properties": {
                     *           "Loyalty points": "LoyaltyPoints"
                     *         }
                     *       },
                     *       "mode": "add",
                     *       "schedule": {
                     *         "on": "refresh"
                     *       },
                     *       "state": "active",
                     *       "attention": null,
                     *       "list": {
                     *         "name": "Newsletter",
                     *         "checked": true,
                     *         "problem": null
                     *       },
                     *       "nextRunFull": true,
                     *       "lastRun": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *         "status": "succeeded",
                     *         "trigger": "refresh",
                     *         "finishedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "yourPermissions": "edit",
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "createdBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       },
                     *       "updatedAt": "2026-11-24T02:15:44.000Z",
                     *       "updatedBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       }
                     *     }
                     */
                    "application/json": {
                        attention: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        connectionId: string | null;
                        createdAt: string;
                        createdBy: {
                            name: string;
                            sub: string;
                        };
                        id: string;
                        lastRun: {
                            finishedAt: string | null;
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                        } | null;
                        list: {
                            checked: boolean;
                            name: string | null;
                            problem?: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                        };
                        listId: string;
                        mapping: {
                            email: string;
                            externalId?: string;
                            firstName?: string;
                            image?: string;
                            lastName?: string;
                            locale?: string;
                            location?: {
                                address1?: string;
                                address2?: string;
                                city?: string;
                                country?: string;
                                region?: string;
                                timezone?: string;
                                zip?: string;
                            };
                            organization?: string;
                            phoneNumber?: string;
                            properties?: {
                                [key: string]: string;
                            };
                            title?: string;
                        };
                        /** @enum {string} */
                        mode: "add" | "mirror";
                        name: string;
                        nextRunFull: boolean;
                        schedule: {
                            /** @enum {string} */
                            on: "refresh" | "cron" | "manual";
                        };
                        segmentIds: string[];
                        /** @enum {string} */
                        state: "active" | "paused" | "detached" | "needs_attention";
                        updatedAt: string;
                        updatedBy: {
                            name: string;
                            sub: string;
                        };
                        /** @enum {string} */
                        yourPermissions: "edit" | "view";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsRemove: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what was read; 412 when it has changed since */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove an export; what it delivered stays in Klaviyo */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "state": "removed",
                     *       "detail": "The export runs no more. The people that it delivered stay in Klaviyo."
                     *     }
                     */
                    "application/json": {
                        detail: string;
                        id: string;
                        /** @enum {string} */
                        state: "removed";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared, export_not_yours */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_differs */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsPatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what was read; 412 when it has changed since */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "listId": "LST002",
                 *       "schedule": {
                 *         "on": "manual"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    connectionId?: string | null;
                    listId?: string;
                    mapping?: {
                        email: string;
                        externalId?: string;
                        firstName?: string;
                        image?: string;
                        lastName?: string;
                        locale?: string;
                        location?: {
                            address1?: string;
                            address2?: string;
                            city?: string;
                            country?: string;
                            region?: string;
                            timezone?: string;
                            zip?: string;
                        };
                        organization?: string;
                        phoneNumber?: string;
                        properties?: {
                            [key: string]: string;
                        };
                        title?: string;
                    };
                    /** @enum {string} */
                    mode?: "add" | "mirror";
                    name?: string;
                    schedule?: {
                        /** @enum {string} */
                        on: "refresh" | "cron" | "manual";
                    };
                    segmentIds?: string[];
                };
            };
        };
        responses: {
            /** @description Change an export; connectionId null detaches it, and it rests until another one is attached */
            200: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "name": "High value",
                     *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *       "listId": "LST001",
                     *       "segmentIds": [
                     *         "HighValueSegment"
                     *       ],
                     *       "mapping": {
                     *         "email": "Email",
                     *         "firstName": "FirstName",
                     *         "properties": {
                     *           "Loyalty points": "LoyaltyPoints"
                     *         }
                     *       },
                     *       "mode": "add",
                     *       "schedule": {
                     *         "on": "refresh"
                     *       },
                     *       "state": "active",
                     *       "attention": null,
                     *       "list": {
                     *         "name": "Newsletter",
                     *         "checked": true,
                     *         "problem": null
                     *       },
                     *       "nextRunFull": true,
                     *       "lastRun": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *         "status": "succeeded",
                     *         "trigger": "refresh",
                     *         "finishedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "yourPermissions": "edit",
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "createdBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       },
                     *       "updatedAt": "2026-11-24T02:15:44.000Z",
                     *       "updatedBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       }
                     *     }
                     */
                    "application/json": {
                        attention: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        connectionId: string | null;
                        createdAt: string;
                        createdBy: {
                            name: string;
                            sub: string;
                        };
                        id: string;
                        lastRun: {
                            finishedAt: string | null;
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                        } | null;
                        list: {
                            checked: boolean;
                            name: string | null;
                            problem?: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                        };
                        listId: string;
                        mapping: {
                            email: string;
                            externalId?: string;
                            firstName?: string;
                            image?: string;
                            lastName?: string;
                            locale?: string;
                            location?: {
                                address1?: string;
                                address2?: string;
                                city?: string;
                                country?: string;
                                region?: string;
                                timezone?: string;
                                zip?: string;
                            };
                            organization?: string;
                            phoneNumber?: string;
                            properties?: {
                                [key: string]: string;
                            };
                            title?: string;
                        };
                        /** @enum {string} */
                        mode: "add" | "mirror";
                        name: string;
                        nextRunFull: boolean;
                        schedule: {
                            /** @enum {string} */
                            on: "refresh" | "cron" | "manual";
                        };
                        segmentIds: string[];
                        /** @enum {string} */
                        state: "active" | "paused" | "detached" | "needs_attention";
                        updatedAt: string;
                        updatedBy: {
                            name: string;
                            sub: string;
                        };
                        /** @enum {string} */
                        yourPermissions: "edit" | "view";
                    };
                };
            };
            /** @description invalid_request, list_not_found */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared, export_not_yours */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found, connection_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_differs */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsActivate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
                /** @description The ETag of what was read; 412 when it has changed since */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Let an export run with the next refresh again */
            200: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "name": "High value",
                     *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *       "listId": "LST001",
                     *       "segmentIds": [
                     *         "HighValueSegment"
                     *       ],
                     *       "mapping": {
                     *         "email": "Email",
                     *         "firstName": "FirstName",
                     *         "properties": {
                     *           "Loyalty points": "LoyaltyPoints"
                     *         }
                     *       },
                     *       "mode": "add",
                     *       "schedule": {
                     *         "on": "refresh"
                     *       },
                     *       "state": "active",
                     *       "attention": null,
                     *       "list": {
                     *         "name": "Newsletter",
                     *         "checked": true,
                     *         "problem": null
                     *       },
                     *       "nextRunFull": true,
                     *       "lastRun": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *         "status": "succeeded",
                     *         "trigger": "refresh",
                     *         "finishedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "yourPermissions": "edit",
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "createdBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       },
                     *       "updatedAt": "2026-11-24T02:15:44.000Z",
                     *       "updatedBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       }
                     *     }
                     */
                    "application/json": {
                        attention: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        connectionId: string | null;
                        createdAt: string;
                        createdBy: {
                            name: string;
                            sub: string;
                        };
                        id: string;
                        lastRun: {
                            finishedAt: string | null;
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                        } | null;
                        list: {
                            checked: boolean;
                            name: string | null;
                            problem?: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                        };
                        listId: string;
                        mapping: {
                            email: string;
                            externalId?: string;
                            firstName?: string;
                            image?: string;
                            lastName?: string;
                            locale?: string;
                            location?: {
                                address1?: string;
                                address2?: string;
                                city?: string;
                                country?: string;
                                region?: string;
                                timezone?: string;
                                zip?: string;
                            };
                            organization?: string;
                            phoneNumber?: string;
                            properties?: {
                                [key: string]: string;
                            };
                            title?: string;
                        };
                        /** @enum {string} */
                        mode: "add" | "mirror";
                        name: string;
                        nextRunFull: boolean;
                        schedule: {
                            /** @enum {string} */
                            on: "refresh" | "cron" | "manual";
                        };
                        segmentIds: string[];
                        /** @enum {string} */
                        state: "active" | "paused" | "detached" | "needs_attention";
                        updatedAt: string;
                        updatedBy: {
                            name: string;
                            sub: string;
                        };
                        /** @enum {string} */
                        yourPermissions: "edit" | "view";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared, export_not_yours */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_connection */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_differs */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsDuplicate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Copy an export; the copy is paused, because both would fill one list */
            201: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    /** @description Where it is */
                    Location?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "name": "High value",
                     *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *       "listId": "LST001",
                     *       "segmentIds": [
                     *         "HighValueSegment"
                     *       ],
                     *       "mapping": {
                     *         "email": "Email",
                     *         "firstName": "FirstName",
                     *         "properties": {
                     *           "Loyalty points": "LoyaltyPoints"
                     *         }
                     *       },
                     *       "mode": "add",
                     *       "schedule": {
                     *         "on": "refresh"
                     *       },
                     *       "state": "active",
                     *       "attention": null,
                     *       "list": {
                     *         "name": "Newsletter",
                     *         "checked": true,
                     *         "problem": null
                     *       },
                     *       "nextRunFull": true,
                     *       "lastRun": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *         "status": "succeeded",
                     *         "trigger": "refresh",
                     *         "finishedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "yourPermissions": "edit",
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "createdBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       },
                     *       "updatedAt": "2026-11-24T02:15:44.000Z",
                     *       "updatedBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       }
                     *     }
                     */
                    "application/json": {
                        attention: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        connectionId: string | null;
                        createdAt: string;
                        createdBy: {
                            name: string;
                            sub: string;
                        };
                        id: string;
                        lastRun: {
                            finishedAt: string | null;
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                        } | null;
                        list: {
                            checked: boolean;
                            name: string | null;
                            problem?: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                        };
                        listId: string;
                        mapping: {
                            email: string;
                            externalId?: string;
                            firstName?: string;
                            image?: string;
                            lastName?: string;
                            locale?: string;
                            location?: {
                                address1?: string;
                                address2?: string;
                                city?: string;
                                country?: string;
                                region?: string;
                                timezone?: string;
                                zip?: string;
                            };
                            organization?: string;
                            phoneNumber?: string;
                            properties?: {
                                [key: string]: string;
                            };
                            title?: string;
                        };
                        /** @enum {string} */
                        mode: "add" | "mirror";
                        name: string;
                        nextRunFull: boolean;
                        schedule: {
                            /** @enum {string} */
                            on: "refresh" | "cron" | "manual";
                        };
                        segmentIds: string[];
                        /** @enum {string} */
                        state: "active" | "paused" | "detached" | "needs_attention";
                        updatedAt: string;
                        updatedBy: {
                            name: string;
                            sub: string;
                        };
                        /** @enum {string} */
                        yourPermissions: "edit" | "view";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared, export_not_yours */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportsPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
                /** @description The ETag of what was read; 412 when it has changed since */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pause an export: refreshes start no run of it; one that has begun goes on */
            200: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "name": "High value",
                     *       "connectionId": "0199a2b4-0000-7000-8000-00000000000a",
                     *       "listId": "LST001",
                     *       "segmentIds": [
                     *         "HighValueSegment"
                     *       ],
                     *       "mapping": {
                     *         "email": "Email",
                     *         "firstName": "FirstName",
                     *         "properties": {
                     *           "Loyalty points": "LoyaltyPoints"
                     *         }
                     *       },
                     *       "mode": "add",
                     *       "schedule": {
                     *         "on": "refresh"
                     *       },
                     *       "state": "active",
                     *       "attention": null,
                     *       "list": {
                     *         "name": "Newsletter",
                     *         "checked": true,
                     *         "problem": null
                     *       },
                     *       "nextRunFull": true,
                     *       "lastRun": {
                     *         "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *         "status": "succeeded",
                     *         "trigger": "refresh",
                     *         "finishedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "yourPermissions": "edit",
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "createdBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       },
                     *       "updatedAt": "2026-11-24T02:15:44.000Z",
                     *       "updatedBy": {
                     *         "sub": "ada",
                     *         "name": "Ada"
                     *       }
                     *     }
                     */
                    "application/json": {
                        attention: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        connectionId: string | null;
                        createdAt: string;
                        createdBy: {
                            name: string;
                            sub: string;
                        };
                        id: string;
                        lastRun: {
                            finishedAt: string | null;
                            id: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                        } | null;
                        list: {
                            checked: boolean;
                            name: string | null;
                            problem?: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                        };
                        listId: string;
                        mapping: {
                            email: string;
                            externalId?: string;
                            firstName?: string;
                            image?: string;
                            lastName?: string;
                            locale?: string;
                            location?: {
                                address1?: string;
                                address2?: string;
                                city?: string;
                                country?: string;
                                region?: string;
                                timezone?: string;
                                zip?: string;
                            };
                            organization?: string;
                            phoneNumber?: string;
                            properties?: {
                                [key: string]: string;
                            };
                            title?: string;
                        };
                        /** @enum {string} */
                        mode: "add" | "mirror";
                        name: string;
                        nextRunFull: boolean;
                        schedule: {
                            /** @enum {string} */
                            on: "refresh" | "cron" | "manual";
                        };
                        segmentIds: string[];
                        /** @enum {string} */
                        state: "active" | "paused" | "detached" | "needs_attention";
                        updatedAt: string;
                        updatedBy: {
                            name: string;
                            sub: string;
                        };
                        /** @enum {string} */
                        yourPermissions: "edit" | "view";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared, export_not_yours */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_connection */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description version_differs */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runsStart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "full"
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    kind: "incremental" | "full" | "dry_run";
                    reason?: string;
                    /** @default false */
                    withoutLedger?: boolean;
                };
            };
        };
        responses: {
            /** @description Run an export now with the newest snapshots known; withoutLedger, for administrators, where its ledger cannot be read */
            202: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    /** @description Where it is */
                    Location?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *       "exportId": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "kind": "full",
                     *       "trigger": "refresh",
                     *       "status": "completed_with_errors",
                     *       "displayStatus": "Completed with warnings",
                     *       "phase": "finished",
                     *       "reason": null,
                     *       "counts": {
                     *         "snapshotRows": 1000,
                     *         "duplicates": 12,
                     *         "invalid": 3,
                     *         "excluded": 0,
                     *         "unchanged": 0,
                     *         "toAdd": 985,
                     *         "toChange": 0,
                     *         "toRemove": 0,
                     *         "accepted": 985,
                     *         "rejected": 0,
                     *         "unconfirmed": 0,
                     *         "withheld": 0,
                     *         "notAttempted": 0
                     *       },
                     *       "invalidReasons": {
                     *         "email_malformed": 3
                     *       },
                     *       "rejectedReasons": {},
                     *       "warnings": [
                     *         {
                     *           "code": "phone_invalid",
                     *           "count": 7
                     *         },
                     *         {
                     *           "code": "column_missing",
                     *           "count": 1,
                     *           "columns": [
                     *             "LoyaltyTier"
                     *           ]
                     *         }
                     *       ],
                     *       "waiting": null,
                     *       "snapshots": [
                     *         {
                     *           "segmentId": "HighValueSegment",
                     *           "refreshId": "refresh-1423",
                     *           "sequence": 1423
                     *         }
                     *       ],
                     *       "batches": {
                     *         "total": 1,
                     *         "finished": 1
                     *       },
                     *       "replayOf": null,
                     *       "replay": null,
                     *       "startedBy": null,
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "startedAt": "2026-11-24T02:15:44.100Z",
                     *       "finishedAt": "2026-11-24T02:15:51.000Z"
                     *     }
                     */
                    "application/json": {
                        batches: {
                            finished: number;
                            total: number;
                        };
                        counts: {
                            accepted: number;
                            duplicates: number;
                            excluded: number;
                            invalid: number;
                            notAttempted: number;
                            rejected: number;
                            snapshotRows: number;
                            toAdd: number;
                            toChange: number;
                            toRemove: number;
                            unchanged: number;
                            unconfirmed: number;
                            withheld: number;
                        };
                        createdAt: string;
                        displayStatus: string;
                        exportId: string;
                        finishedAt: string | null;
                        id: string;
                        invalidReasons: {
                            [key: string]: number;
                        };
                        /** @enum {string} */
                        kind: "incremental" | "full" | "dry_run";
                        /** @enum {string} */
                        phase: "waiting" | "verifying" | "planning" | "delivering" | "finishing" | "finished";
                        reason: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        rejectedReasons: {
                            [key: string]: number;
                        };
                        replay: {
                            actor: string | null;
                            epoch: number;
                            reason: string | null;
                        } | null;
                        replayOf: string | null;
                        snapshots: {
                            refreshId: string;
                            segmentId: string;
                            sequence: number;
                        }[];
                        startedAt: string | null;
                        startedBy: string | null;
                        /** @enum {string} */
                        status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                        /** @enum {string} */
                        trigger: "refresh" | "schedule" | "manual" | "replay";
                        waiting: {
                            reason: string;
                            since: string;
                            until: string | null;
                        } | null;
                        warnings: {
                            code: string;
                            /** @description Of column_missing and column_type_unsupported: which of the mapping */
                            columns?: string[];
                            count: number;
                        }[];
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden, connection_not_shared */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description export_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_snapshot, no_connection */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    intakeStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where the reading of each topic stands, what was replayed, and what waits for a decision */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "consumer": "export-orchestrator",
                     *       "partitions": [
                     *         {
                     *           "topic": "segment.refreshes",
                     *           "partition": 0,
                     *           "position": 1423,
                     *           "highest": 1423,
                     *           "generation": 0,
                     *           "paused": null
                     *         }
                     *       ],
                     *       "epochs": [
                     *         {
                     *           "topic": "segment.refreshes",
                     *           "partition": 0,
                     *           "epoch": 1,
                     *           "from": 1400,
                     *           "to": 1423,
                     *           "position": 1423,
                     *           "state": "read",
                     *           "actor": "ada",
                     *           "reason": "the list was emptied by mistake",
                     *           "decidedAt": "2026-11-24T02:15:44.000Z"
                     *         }
                     *       ],
                     *       "journal": [
                     *         {
                     *           "topic": "segment.refreshes",
                     *           "partition": 0,
                     *           "code": "rewind",
                     *           "detail": "records 1400 to 1422 once more",
                     *           "epoch": 1,
                     *           "actor": "ada",
                     *           "reason": "the list was emptied by mistake",
                     *           "at": "2026-11-24T02:15:44.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        consumer: string;
                        epochs: {
                            actor: string | null;
                            decidedAt: string;
                            epoch: number;
                            from: number;
                            partition: number;
                            position: number;
                            reason: string | null;
                            /** @enum {string} */
                            state: "unclaimed" | "reading" | "read" | "closed";
                            to: number;
                            topic: string;
                        }[];
                        journal: {
                            actor: string | null;
                            at: string;
                            code: string;
                            detail: string;
                            epoch: number | null;
                            partition: number;
                            reason: string | null;
                            topic: string;
                        }[];
                        partitions: {
                            generation: number;
                            highest: number;
                            partition: number;
                            paused: {
                                code: string;
                                detail: string;
                                since: string;
                            } | null;
                            position: number;
                            topic: string;
                        }[];
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    intakeCommand: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "topic": "segment.refreshes",
                 *       "partition": 0,
                 *       "command": "skip",
                 *       "reason": "the list was emptied by mistake"
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    command: "skip" | "rewind" | "adopt" | "abort";
                    partition: number;
                    reason: string;
                    topic: string;
                };
            };
        };
        responses: {
            /** @description Decide about a partition: its owner decides again with this */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "answer": "done"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        answer: "done" | "asked";
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    intakeStart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "topic": "segment.refreshes",
                 *       "since": "2026-11-24T00:00:00Z",
                 *       "reason": "the list was emptied by mistake"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    approved?: boolean;
                    /** @default false */
                    force?: boolean;
                    reason: string;
                    /** Format: date-time */
                    since?: string;
                    topic: string;
                    /** @default false */
                    unfinishedOnly?: boolean;
                };
            };
        };
        responses: {
            /** @description Read a topic once more from a time on */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "segment.refreshes",
                     *       "partitions": [
                     *         {
                     *           "partition": 0,
                     *           "from": 1400,
                     *           "to": 1423,
                     *           "records": 23
                     *         }
                     *       ],
                     *       "records": 23,
                     *       "recordsMax": 10000,
                     *       "needsApproval": false
                     *     }
                     */
                    "application/json": {
                        needsApproval: boolean;
                        partitions: {
                            from: number;
                            partition: number;
                            records: number;
                            to: number;
                        }[];
                        records: number;
                        recordsMax: number;
                        topic: string;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    intakePlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "topic": "segment.refreshes",
                 *       "since": "2026-11-24T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /** @default false */
                    force?: boolean;
                    /** Format: date-time */
                    since?: string;
                    topic: string;
                    /** @default false */
                    unfinishedOnly?: boolean;
                };
            };
        };
        responses: {
            /** @description What a reset to a time would read once more, and what would come of it */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "topic": "segment.refreshes",
                     *       "partitions": [
                     *         {
                     *           "partition": 0,
                     *           "from": 1400,
                     *           "to": 1423,
                     *           "records": 23
                     *         }
                     *       ],
                     *       "records": 23,
                     *       "recordsMax": 10000,
                     *       "needsApproval": false,
                     *       "effects": [
                     *         {
                     *           "verdict": "runs",
                     *           "exportId": "019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d",
                     *           "runId": "5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76",
                     *           "records": 1,
                     *           "detail": "sequence 1423 of HighValueSegment"
                     *         }
                     *       ],
                     *       "effectsOmitted": 0
                     *     }
                     */
                    "application/json": {
                        effects: {
                            detail: string | null;
                            exportId: string | null;
                            records: number;
                            runId: string | null;
                            /** @enum {string} */
                            verdict: "runs" | "sends" | "continues" | "superseded" | "stale" | "skipped" | "kept" | "expired" | "stopped" | "ignored" | "put_aside" | "unknown";
                        }[];
                        effectsOmitted: number;
                        needsApproval: boolean;
                        partitions: {
                            from: number;
                            partition: number;
                            records: number;
                            to: number;
                        }[];
                        records: number;
                        recordsMax: number;
                        topic: string;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshesList: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                segmentId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every refresh that was heard of and what it led to, newest first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "eventId": "a8f2c1de",
                     *           "epoch": 0,
                     *           "segmentId": "HighValueSegment",
                     *           "sequence": 1423,
                     *           "receivedAt": "2026-11-24T02:15:44.000Z",
                     *           "verdict": "started",
                     *           "reason": null,
                     *           "remedy": null,
                     *           "runIds": [
                     *             "0199a2b4-0000-7000-8000-00000000000c"
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** @description 0: as it came; N: read again in replay N */
                            epoch: number;
                            eventId: string;
                            reason: string | null;
                            receivedAt: string;
                            remedy: string | null;
                            /** @description Runs among them may be forgotten by now: HISTORY_DAYS after their end at the earliest */
                            runIds: string[];
                            segmentId: string;
                            sequence: number;
                            /** @enum {string} */
                            verdict: "started" | "recorded" | "ignored";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaysStart: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "exportId": "019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d",
                 *       "reason": "the list was emptied by mistake"
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    exportId?: string;
                    /** @default false */
                    force?: boolean;
                    /** Format: date-time */
                    from?: string;
                    reason: string;
                    /** Format: uuid */
                    runId?: string;
                    segmentId?: string;
                    /** Format: date-time */
                    to?: string;
                    /** @default false */
                    unfinishedOnly?: boolean;
                };
            };
        };
        responses: {
            /** @description Repeat runs: a full run of each export, with the snapshots of the newest run that is chosen */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runIds": [
                     *         "5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runIds: string[];
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaysPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "exportId": "019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d"
                 *     }
                 */
                "application/json": {
                    /** Format: uuid */
                    exportId?: string;
                    /** @default false */
                    force?: boolean;
                    /** Format: date-time */
                    from?: string;
                    /** Format: uuid */
                    runId?: string;
                    segmentId?: string;
                    /** Format: date-time */
                    to?: string;
                    /** @default false */
                    unfinishedOnly?: boolean;
                };
            };
        };
        responses: {
            /** @description What repeating these runs would do; of each export only the newest is repeated */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runs": [
                     *         {
                     *           "runId": "5f0c2d6e-8a41-5b77-9e3c-2f1d0c9b8a76",
                     *           "exportId": "019ad3a0-5b1e-7c3a-9d57-0c1f2a3b4c5d",
                     *           "status": "succeeded",
                     *           "createdAt": "2026-11-24T02:15:44.000Z",
                     *           "verdict": "runs",
                     *           "detail": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        runs: {
                            createdAt: string;
                            detail: string | null;
                            exportId: string;
                            runId: string;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            verdict: "runs" | "stale" | "ended_well" | "not_ended" | "no_export";
                        }[];
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runsList: {
        parameters: {
            query?: {
                cursor?: string;
                exportId?: string;
                from?: string;
                limit?: number;
                status?: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                to?: string;
                trigger?: "refresh" | "schedule" | "manual" | "replay";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description List runs of all triggers, newest first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *           "exportId": "0199a2b4-0000-7000-8000-00000000000b",
                     *           "kind": "full",
                     *           "trigger": "refresh",
                     *           "status": "completed_with_errors",
                     *           "displayStatus": "Completed with warnings",
                     *           "phase": "finished",
                     *           "reason": null,
                     *           "counts": {
                     *             "snapshotRows": 1000,
                     *             "duplicates": 12,
                     *             "invalid": 3,
                     *             "excluded": 0,
                     *             "unchanged": 0,
                     *             "toAdd": 985,
                     *             "toChange": 0,
                     *             "toRemove": 0,
                     *             "accepted": 985,
                     *             "rejected": 0,
                     *             "unconfirmed": 0,
                     *             "withheld": 0,
                     *             "notAttempted": 0
                     *           },
                     *           "invalidReasons": {
                     *             "email_malformed": 3
                     *           },
                     *           "rejectedReasons": {},
                     *           "warnings": [
                     *             {
                     *               "code": "phone_invalid",
                     *               "count": 7
                     *             },
                     *             {
                     *               "code": "column_missing",
                     *               "count": 1,
                     *               "columns": [
                     *                 "LoyaltyTier"
                     *               ]
                     *             }
                     *           ],
                     *           "waiting": null,
                     *           "snapshots": [
                     *             {
                     *               "segmentId": "HighValueSegment",
                     *               "refreshId": "refresh-1423",
                     *               "sequence": 1423
                     *             }
                     *           ],
                     *           "batches": {
                     *             "total": 1,
                     *             "finished": 1
                     *           },
                     *           "replayOf": null,
                     *           "replay": null,
                     *           "startedBy": null,
                     *           "createdAt": "2026-11-24T02:15:44.000Z",
                     *           "startedAt": "2026-11-24T02:15:44.100Z",
                     *           "finishedAt": "2026-11-24T02:15:51.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            batches: {
                                finished: number;
                                total: number;
                            };
                            counts: {
                                accepted: number;
                                duplicates: number;
                                excluded: number;
                                invalid: number;
                                notAttempted: number;
                                rejected: number;
                                snapshotRows: number;
                                toAdd: number;
                                toChange: number;
                                toRemove: number;
                                unchanged: number;
                                unconfirmed: number;
                                withheld: number;
                            };
                            createdAt: string;
                            displayStatus: string;
                            exportId: string;
                            finishedAt: string | null;
                            id: string;
                            invalidReasons: {
                                [key: string]: number;
                            };
                            /** @enum {string} */
                            kind: "incremental" | "full" | "dry_run";
                            /** @enum {string} */
                            phase: "waiting" | "verifying" | "planning" | "delivering" | "finishing" | "finished";
                            reason: {
                                code: string;
                                detail: string;
                                remedy: string;
                            } | null;
                            rejectedReasons: {
                                [key: string]: number;
                            };
                            replay: {
                                actor: string | null;
                                epoch: number;
                                reason: string | null;
                            } | null;
                            replayOf: string | null;
                            snapshots: {
                                refreshId: string;
                                segmentId: string;
                                sequence: number;
                            }[];
                            startedAt: string | null;
                            startedBy: string | null;
                            /** @enum {string} */
                            status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                            /** @enum {string} */
                            trigger: "refresh" | "schedule" | "manual" | "replay";
                            waiting: {
                                reason: string;
                                since: string;
                                until: string | null;
                            } | null;
                            warnings: {
                                code: string;
                                /** @description Of column_missing and column_type_unsupported: which of the mapping */
                                columns?: string[];
                                count: number;
                            }[];
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runsRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a run */
            200: {
                headers: {
                    /** @description The version; send it as If-Match with a change */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0199a2b4-0000-7000-8000-00000000000c",
                     *       "exportId": "0199a2b4-0000-7000-8000-00000000000b",
                     *       "kind": "full",
                     *       "trigger": "refresh",
                     *       "status": "completed_with_errors",
                     *       "displayStatus": "Completed with warnings",
                     *       "phase": "finished",
                     *       "reason": null,
                     *       "counts": {
                     *         "snapshotRows": 1000,
                     *         "duplicates": 12,
                     *         "invalid": 3,
                     *         "excluded": 0,
                     *         "unchanged": 0,
                     *         "toAdd": 985,
                     *         "toChange": 0,
                     *         "toRemove": 0,
                     *         "accepted": 985,
                     *         "rejected": 0,
                     *         "unconfirmed": 0,
                     *         "withheld": 0,
                     *         "notAttempted": 0
                     *       },
                     *       "invalidReasons": {
                     *         "email_malformed": 3
                     *       },
                     *       "rejectedReasons": {},
                     *       "warnings": [
                     *         {
                     *           "code": "phone_invalid",
                     *           "count": 7
                     *         },
                     *         {
                     *           "code": "column_missing",
                     *           "count": 1,
                     *           "columns": [
                     *             "LoyaltyTier"
                     *           ]
                     *         }
                     *       ],
                     *       "waiting": null,
                     *       "snapshots": [
                     *         {
                     *           "segmentId": "HighValueSegment",
                     *           "refreshId": "refresh-1423",
                     *           "sequence": 1423
                     *         }
                     *       ],
                     *       "batches": {
                     *         "total": 1,
                     *         "finished": 1
                     *       },
                     *       "replayOf": null,
                     *       "replay": null,
                     *       "startedBy": null,
                     *       "createdAt": "2026-11-24T02:15:44.000Z",
                     *       "startedAt": "2026-11-24T02:15:44.100Z",
                     *       "finishedAt": "2026-11-24T02:15:51.000Z"
                     *     }
                     */
                    "application/json": {
                        batches: {
                            finished: number;
                            total: number;
                        };
                        counts: {
                            accepted: number;
                            duplicates: number;
                            excluded: number;
                            invalid: number;
                            notAttempted: number;
                            rejected: number;
                            snapshotRows: number;
                            toAdd: number;
                            toChange: number;
                            toRemove: number;
                            unchanged: number;
                            unconfirmed: number;
                            withheld: number;
                        };
                        createdAt: string;
                        displayStatus: string;
                        exportId: string;
                        finishedAt: string | null;
                        id: string;
                        invalidReasons: {
                            [key: string]: number;
                        };
                        /** @enum {string} */
                        kind: "incremental" | "full" | "dry_run";
                        /** @enum {string} */
                        phase: "waiting" | "verifying" | "planning" | "delivering" | "finishing" | "finished";
                        reason: {
                            code: string;
                            detail: string;
                            remedy: string;
                        } | null;
                        rejectedReasons: {
                            [key: string]: number;
                        };
                        replay: {
                            actor: string | null;
                            epoch: number;
                            reason: string | null;
                        } | null;
                        replayOf: string | null;
                        snapshots: {
                            refreshId: string;
                            segmentId: string;
                            sequence: number;
                        }[];
                        startedAt: string | null;
                        startedBy: string | null;
                        /** @enum {string} */
                        status: "queued" | "planning" | "running" | "awaiting_approval" | "canceling" | "succeeded" | "completed_with_errors" | "failed" | "canceled" | "skipped" | "superseded";
                        /** @enum {string} */
                        trigger: "refresh" | "schedule" | "manual" | "replay";
                        waiting: {
                            reason: string;
                            since: string;
                            until: string | null;
                        } | null;
                        warnings: {
                            code: string;
                            /** @description Of column_missing and column_type_unsupported: which of the mapping */
                            columns?: string[];
                            count: number;
                        }[];
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description run_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runsReadBatches: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of each batch of a run */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "number": 1,
                     *           "operation": "upsert",
                     *           "rows": 985,
                     *           "bytes": 210344,
                     *           "status": "finished",
                     *           "accepted": 985,
                     *           "rejected": 0,
                     *           "jobIds": [
                     *             "job-1"
                     *           ],
                     *           "attempts": 1,
                     *           "error": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            accepted: number;
                            attempts: number;
                            bytes: number;
                            error: {
                                code: string;
                                detail: string;
                            } | null;
                            jobIds: string[];
                            number: number;
                            /** @enum {string} */
                            operation: "upsert" | "remove";
                            rejected: number;
                            rows: number;
                            /** @enum {string} */
                            status: "planned" | "announced" | "finished";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, invalid_cursor */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description run_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rejectedProfilesList: {
        parameters: {
            query?: {
                code?: string;
                cursor?: string;
                limit?: number;
                stage?: "invalid" | "rejected" | "unconfirmed";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everybody of a run who was not delivered, as JSON pages, CSV or NDJSON; masked for those who may not edit the export */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            attempts: number;
                            batch: number | null;
                            code: string;
                            detail: string;
                            email: string | null;
                            file: string | null;
                            firstSeenAt: string;
                            row: number | null;
                            segmentId: string | null;
                            /** @enum {string} */
                            stage: "invalid" | "rejected" | "unconfirmed";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, invalid_cursor */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description run_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description not_acceptable */
            406: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rejected_profiles_expired */
            410: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmentsList: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The segments that a refresh has named, the latest refreshed first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "HighValueSegment",
                     *           "displayName": "High value",
                     *           "lastRefresh": {
                     *             "sequence": 1423,
                     *             "result": "successful",
                     *             "receivedAt": "2026-11-24T02:15:44.000Z"
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            displayName: string | null;
                            id: string;
                            lastRefresh: {
                                receivedAt: string;
                                result: string;
                                sequence: number;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmentsRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read a segment */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "HighValueSegment",
                     *       "displayName": "High value",
                     *       "lastRefresh": {
                     *         "sequence": 1423,
                     *         "result": "successful",
                     *         "receivedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "newestSequence": 1423,
                     *       "staleInARow": 0,
                     *       "newestSnapshot": {
                     *         "refreshId": "refresh-1423",
                     *         "sequence": 1423,
                     *         "rowCount": 1000,
                     *         "createdAt": "2026-11-24T02:15:40.000Z",
                     *         "expiresAt": null
                     *       },
                     *       "exports": [
                     *         {
                     *           "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *           "name": "High value",
                     *           "state": "active"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        displayName: string | null;
                        /** @description Those that use it */
                        exports: {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            state: "active" | "paused" | "detached" | "needs_attention";
                        }[];
                        id: string;
                        lastRefresh: {
                            receivedAt: string;
                            result: string;
                            sequence: number;
                        };
                        /** @description A refresh that is not above it is stale; null: any counts */
                        newestSequence: number | null;
                        /** @description What a run reads now */
                        newestSnapshot: {
                            createdAt: string | null;
                            expiresAt: string | null;
                            refreshId: string;
                            rowCount: number;
                            sequence: number;
                        } | null;
                        /** @description Refreshes that were stale since one was taken */
                        staleInARow: number;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description segment_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmentsReset: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request repeatable for 24 hours: same key and body, same answer and one effect */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sequence": 1423,
                 *       "reason": "a test published the clock as sequence"
                 *     }
                 */
                "application/json": {
                    reason: string;
                    /** @description Refreshes above it are taken from now on; without it the next one is, whatever it has */
                    sequence?: number;
                };
            };
        };
        responses: {
            /** @description Lead a segment out of a sequence that was too high: refreshes with lower ones are taken again */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "HighValueSegment",
                     *       "displayName": "High value",
                     *       "lastRefresh": {
                     *         "sequence": 1423,
                     *         "result": "successful",
                     *         "receivedAt": "2026-11-24T02:15:44.000Z"
                     *       },
                     *       "newestSequence": 1423,
                     *       "staleInARow": 0,
                     *       "newestSnapshot": {
                     *         "refreshId": "refresh-1423",
                     *         "sequence": 1423,
                     *         "rowCount": 1000,
                     *         "createdAt": "2026-11-24T02:15:40.000Z",
                     *         "expiresAt": null
                     *       },
                     *       "exports": [
                     *         {
                     *           "id": "0199a2b4-0000-7000-8000-00000000000b",
                     *           "name": "High value",
                     *           "state": "active"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        displayName: string | null;
                        /** @description Those that use it */
                        exports: {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            state: "active" | "paused" | "detached" | "needs_attention";
                        }[];
                        id: string;
                        lastRefresh: {
                            receivedAt: string;
                            result: string;
                            sequence: number;
                        };
                        /** @description A refresh that is not above it is stale; null: any counts */
                        newestSequence: number | null;
                        /** @description What a run reads now */
                        newestSnapshot: {
                            createdAt: string | null;
                            expiresAt: string | null;
                            refreshId: string;
                            rowCount: number;
                            sequence: number;
                        } | null;
                        /** @description Refreshes that were stale since one was taken */
                        staleInARow: number;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description segment_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sequence_not_lower */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unsupported_media_type */
            415: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    segmentsSnapshots: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The snapshots of a segment that were heard of, newest first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "segmentId": "HighValueSegment",
                     *           "refreshId": "refresh-1423",
                     *           "sequence": 1423,
                     *           "format": "cdm-csv",
                     *           "compression": "none",
                     *           "rowCount": 1000,
                     *           "parts": 1,
                     *           "createdAt": "2026-11-24T02:15:40.000Z",
                     *           "expiresAt": null,
                     *           "receivedAt": "2026-11-24T02:15:44.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            compression: "none" | "gzip";
                            createdAt: string | null;
                            expiresAt: string | null;
                            /** @enum {string} */
                            format: "cdm-csv" | "csv" | "ndjson" | "parquet";
                            parts: number;
                            receivedAt: string;
                            refreshId: string;
                            rowCount: number;
                            segmentId: string;
                            sequence: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description invalid_request, malformed_request, not_supported */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description unauthenticated */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description forbidden */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description segment_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal_error */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that the service needs is away; try again */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
