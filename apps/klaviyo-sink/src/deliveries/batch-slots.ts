import { Injectable } from '@nestjs/common';
import { Settings } from '../settings';

/** Bounds how many batches are in memory at a time, over all accounts of this process. */
@Injectable()
export class BatchSlots {
  private taken = 0;

  constructor(private readonly settings: Settings) {}

  tryTake(): boolean {
    if (this.taken >= this.settings.batchesInMemoryMax) return false;
    this.taken += 1;
    return true;
  }

  give(): void {
    this.taken -= 1;
  }
}
