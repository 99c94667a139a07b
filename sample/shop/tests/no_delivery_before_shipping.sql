select shipment_id
from {{ ref('stg_shipments') }}
where delivered_at < shipped_at
