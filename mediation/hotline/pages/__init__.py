"""Pages of the hotline's operators; every one starts from the orders that the person may see."""
