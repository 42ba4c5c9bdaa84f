"""What hypothesis may take: as long as it needs, because a busy machine is no defect of ours."""

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
