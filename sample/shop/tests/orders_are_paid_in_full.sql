-- Every order that was not cancelled is paid to the cent, and what a cancelled order paid went back.
select order_id, order_amount, captured_amount, refunded_amount, open_amount
from {{ ref('fin_payment_reconciliation') }}
where open_amount <> 0
