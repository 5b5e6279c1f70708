import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentExchange, type Exchange, Simulates } from './exchange';
import { Gate } from './gate';
import { readFields } from './pages';
import { accountFields, renderAccount } from './resources';

@Controller('api/accounts')
@UseGuards(Gate)
export class AccountsController {
  @Get()
  @Simulates('get_accounts')
  list(@CurrentExchange() exchange: Exchange): void {
    const fields = readFields(exchange, 'account', accountFields);
    exchange.answer(200, { data: [renderAccount(exchange, exchange.owner, fields)], links: { self: exchange.self } });
  }
}
