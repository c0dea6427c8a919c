@echo off
node "%~dp0bootstrap\run.cjs" apps/cli/kontor.ts %*
exit /b %ERRORLEVEL%
