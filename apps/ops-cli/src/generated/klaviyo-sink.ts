// Written by npm run openapi from docs/openapi/klaviyo-sink.json.

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
    "/v1/connections/{connectionId}/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lists of the connection's Klaviyo account, at most 10 a page */
        get: operations["listsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/connections/{connectionId}/lists/{listId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One list */
        get: operations["listsOne"];
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
    listsPage: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                connectionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lists of the connection's Klaviyo account, at most 10 a page */
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
                     *           "id": "LST001",
                     *           "name": "Newsletter",
                     *           "optInProcess": "double_opt_in"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            id: string;
                            name: string;
                            optInProcess: string | null;
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
            /** @description What Klaviyo says about the key: invalid_api_key, missing_scope and the like */
            409: {
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
    listsOne: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                connectionId: string;
                listId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One list */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "LST001",
                     *       "name": "Newsletter",
                     *       "optInProcess": "double_opt_in"
                     *     }
                     */
                    "application/json": {
                        id: string;
                        name: string;
                        optInProcess: string | null;
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
            /** @description connection_not_found, list_not_found */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What Klaviyo says about the key: invalid_api_key, missing_scope and the like */
            409: {
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
}
