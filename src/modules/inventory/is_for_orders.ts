// What an order may have: one condition for counting, taking and reserving, and for the index that they all go by.

/** A condition on `inventory.sim_profiles`: in stock, and not of a SIM card that waits for its registration. */
export const isForOrders = "state = 'available' and registration_code is null";
