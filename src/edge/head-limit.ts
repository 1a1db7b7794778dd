/** How large a head may be, the same in both directions: a client's request, an endpoint's answer. */
export const HEAD_BYTES_MAX = 32 * 1024;
