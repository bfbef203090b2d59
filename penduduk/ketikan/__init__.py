"""Nothing typed is lost: a form that comes after its session is back after the login, filled."""
