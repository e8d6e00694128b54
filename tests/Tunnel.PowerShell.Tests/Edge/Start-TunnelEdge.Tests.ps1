BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Start-TunnelEdge' {
    It 'listens on loopback, on three ports' {
        $lab.Edge.State | Should -Be 'Running'
        foreach ($endPoint in $lab.Edge.TunnelEndPoint, $lab.Edge.PublicEndPoint) {
            $endPoint.Address | Should -Be '127.0.0.1'
            Test-Connection -TargetName 127.0.0.1 -TcpPort $endPoint.Port | Should -BeTrue
        }
        Test-Connection -TargetName 127.0.0.1 -TcpPort $lab.Edge.ApiAddress.Port | Should -BeTrue
    }

    It 'gives the running edge back for the same folder' {
        Start-TunnelEdge -StateDirectory "$($lab.Folder)/edge" | Should -Be $lab.Edge
    }

    It 'refuses an address without a port' {
        { Start-TunnelEdge -StateDirectory "$($lab.Folder)/other" -PublicAddress 127.0.0.1 } |
            Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'refuses a mail server without the address that mail comes from' {
        { Start-TunnelEdge -StateDirectory "$($lab.Folder)/mail" -SmtpServer '[::1]:25' -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArgumentNotUsable,*'
        "$($lab.Folder)/mail" | Should -Not -Exist
    }

    It 'refuses to keep the access log for no time' {
        { Start-TunnelEdge -StateDirectory "$($lab.Folder)/log" -AccessLogRetention 0 -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArgumentNotUsable,*'
        "$($lab.Folder)/log" | Should -Not -Exist
    }

    It 'starts nothing with -WhatIf' {
        Start-TunnelEdge -StateDirectory "$($lab.Folder)/whatif" -WhatIf | Should -BeNullOrEmpty
        "$($lab.Folder)/whatif" | Should -Not -Exist
    }
}
