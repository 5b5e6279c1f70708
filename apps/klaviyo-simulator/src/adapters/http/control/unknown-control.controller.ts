import { All, Controller } from '@nestjs/common';
import { ControlError } from './control-error';

@Controller('_control')
export class UnknownControlController {
  @All('*path')
  refuse(): never {
    throw new ControlError(404, 'unknown_control', 'The control plane has no such resource or method; README.md lists them.');
  }
}
