import { AppError } from '@courier/kernel';

export interface BadSetting {
  name: string;
  reason: string;
}

/** The environment cannot start this service. Names and reasons only: a setting's value may be a password. */
export class ConfigError extends AppError {
  constructor(readonly settings: readonly BadSetting[]) {
    super('bad_settings', ['Bad settings:', ...settings.map(({ name, reason }) => `  ${name}: ${reason}`)].join('\n'));
    this.name = 'ConfigError';
  }
}
