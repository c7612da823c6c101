@echo off
rem Runs Maven, which it does not bring: that of MAVEN_HOME, else the one on the path. Whether it is 3.6.3 or later,
rem Maven's plugins say themselves.
setlocal
set "maven="
for %%m in (mvn.cmd) do set "maven=%%~$PATH:m"
if exist "%MAVEN_HOME%\bin\mvn.cmd" set "maven=%MAVEN_HOME%\bin\mvn.cmd"
if not defined maven (
  echo mvnw: no Maven: install one, 3.6.3 or later, and put its bin folder on the path or set MAVEN_HOME to its folder 1>&2
  exit /b 1
)
"%maven%" %*
