"""Small tools without a police word in them."""
