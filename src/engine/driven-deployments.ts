/** Which deployments a living workflow of this process drives. */
export interface DrivenDeployments {
  has(deployment: number): boolean;
  while<Result>(deployment: number, work: () => Promise<Result>): Promise<Result>;
}

export function createDrivenDeployments(): DrivenDeployments {
  const drivers = new Map<number, number>();
  const count = (deployment: number, change: 1 | -1): void => {
    drivers.set(deployment, (drivers.get(deployment) ?? 0) + change);
  };
  return {
    has: (deployment) => (drivers.get(deployment) ?? 0) > 0,
    async while(deployment, work) {
      count(deployment, 1);
      try {
        return await work();
      } finally {
        count(deployment, -1);
      }
    },
  };
}
