@echo off
rem Starts Stagewalk with the first JDK that is new enough, looked for in STAGEWALK_JAVA and
rem JAVA_HOME (a JDK's folder), the path, and the usual places.
setlocal EnableExtensions DisableDelayedExpansion
set "NEEDED=25"
set "FOUND="
for %%d in ("%~dp0..") do set "HOME_DIR=%%~fd"

if defined STAGEWALK_JAVA call :try "%STAGEWALK_JAVA%"
if defined JAVA_HOME call :try "%JAVA_HOME%"
for %%j in (java.exe) do if not "%%~$PATH:j"=="" call :try "%%~dp$PATH:j.."
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*") do call :try "%%~fd"
for /d %%d in ("%ProgramFiles%\Java\*") do call :try "%%~fd"
for /d %%d in ("%ProgramFiles%\Microsoft\jdk*") do call :try "%%~fd"
for /d %%d in ("%ProgramFiles%\Zulu\*") do call :try "%%~fd"
for /d %%d in ("%ProgramFiles%\Amazon Corretto\*") do call :try "%%~fd"
for /d %%d in ("%ProgramFiles%\BellSoft\*") do call :try "%%~fd"
for /d %%d in ("%USERPROFILE%\.jdks\*") do call :try "%%~fd"

if not defined FOUND (
  echo stagewalk: needs JDK %NEEDED% or newer and found none; install one ^(https://adoptium.net^) or set STAGEWALK_JAVA to its folder 1>&2
  exit /b 2
)

"%FOUND%" --enable-native-access=javafx.graphics,ALL-UNNAMED --sun-misc-unsafe-memory-access=allow --module-path "%HOME_DIR%\lib\javafx" --add-modules=javafx.controls -cp "%HOME_DIR%\lib\*" dev.stagewalk.app.Main %*
exit /b %ERRORLEVEL%

rem Takes the JDK in folder %1 unless one was found before. Every JDK names its version in a file.
:try
if defined FOUND exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "VERSION="
for /f "usebackq tokens=1,2 delims==" %%a in ("%~1\release") do if "%%a"=="JAVA_VERSION" set "VERSION=%%~b"
set "MAJOR=0"
for /f "tokens=1 delims=.-+_" %%m in ("%VERSION%") do set "MAJOR=%%m"
if %MAJOR% GEQ %NEEDED% set "FOUND=%~1\bin\java.exe"
exit /b 0
