"""Music by script: composes, plays and labels as many pieces as one likes, each from a seed."""
