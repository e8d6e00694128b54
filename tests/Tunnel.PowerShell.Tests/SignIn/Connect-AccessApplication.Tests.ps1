BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Connect-AccessApplication' {
    It 'signs nobody in with -WhatIf' {
        Connect-AccessApplication ssh.example.test -Folder "$($lab.Folder)/tokens" -WhatIf | Should -BeNullOrEmpty
        "$($lab.Folder)/tokens" | Should -Not -Exist
    }

    It 'shows a link, and says when nobody used it in time' {
        { Connect-AccessApplication ssh.example.test -Folder "$($lab.Folder)/tokens" -NoLaunch -Timeout 1 -ErrorAction Stop 6>"$($lab.Folder)/said" } |
            Should -Throw -ErrorId 'TimedOut,*'
        "$($lab.Folder)/said" | Should -FileContentMatch 'https://ssh\.example\.test/cdn-cgi/access/cli'
        Get-ChildItem "$($lab.Folder)/tokens" -Filter *.lock | Should -BeNullOrEmpty
    }

    It 'asks nobody where there is no application' {
        { Connect-AccessApplication open.example.test -Folder "$($lab.Folder)/tokens" -ErrorAction Stop } |
            Should -Throw -ErrorId 'AccessSignInFailed,*'
    }
}
