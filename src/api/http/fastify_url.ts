// Paths as documents write them, as fastify reads them.

/** `/orders/{id}` → `/orders/:id`. */
export function fastifyUrl(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
